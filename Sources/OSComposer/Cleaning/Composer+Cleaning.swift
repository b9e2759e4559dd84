import OSPackages
import OSTree
import SystemCalls
import SystemPackage

/// What `cache clean` removes.
public struct CleaningChoice: OptionSet, Sendable {
    /// For the option set.
    public let rawValue: Int

    /// Packages that the package caches know.
    public static let packages = CleaningChoice(rawValue: 1)
    /// Finished images.
    public static let images = CleaningChoice(rawValue: 2)
    /// Trees and outputs.
    public static let workspace = CleaningChoice(rawValue: 4)
    /// Everything.
    public static let all: CleaningChoice = [.packages, .images, .workspace]

    /// For the option set.
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A thing that `cache clean` removed, or would remove.
public struct Removed: Hashable, Sendable {
    /// `package`, `image` or `folder`.
    public var kind: String
    /// Its name.
    public var name: String
    /// Its bytes.
    public var bytes: Int64
}

extension Composer {
    /// Removes what a choice names; a cache that a build uses at the moment is an error, and stays.
    ///
    /// - Parameters:
    ///   - provider: The only provider; nil for all.
    ///   - dryRun: Whether it is only told what would be removed.
    public func clean(_ choice: CleaningChoice, provider: String?, dryRun: Bool) async throws -> [Removed] {
        var removed: [Removed] = []
        if choice.contains(.images), Files.exists(images.folder) {
            let held = try await images.hold(.exclusive)
            defer { held.release() }
            for (image, _) in try images.images() where provider.map({ $0 == image.provider }) ?? true {
                if !dryRun { try images.remove(image.specification) }
                removed.append(.init(kind: "image", name: image.specification, bytes: image.size))
            }
            if !dryRun { TemporaryName.removeLeftovers(in: images.folder) }
        }
        if choice.contains(.packages) {
            for used in try usage(of: provider).packages {
                let cache = PackageCache(
                    folder: configuration.cacheFolder.appending("pkgCache").appending(used.provider))
                for file in try await cache.clean(dryRun: dryRun) {
                    removed.append(.init(kind: "package", name: "\(used.provider)/\(file.name)", bytes: file.size))
                }
            }
        }
        if choice.contains(.workspace) {
            for name in try providerFolders(provider) {
                let folder = configuration.workFolder.appending(name)
                let held = try await OpenFileLock.wait(for: folder.appending(".lock"), .exclusive)
                defer { held.release() }
                let parts: [FilePath.Component] = ["chrootbuild", "chrootenv", "imagebuild", "rootfs"]
                for part in parts where Files.exists(folder.appending(part)) {
                    let path = folder.appending(part)
                    removed.append(
                        .init(kind: "folder", name: path.string, bytes: Self.bytes(of: path, depth: 0).bytes))
                    if !dryRun { try TreeRemoval.remove(path) }
                }
                if !dryRun { TemporaryName.removeLeftovers(in: folder) }
            }
        }
        return removed
    }
}
