import Hashing
import OSPackages
import SystemCalls
import SystemPackage

/// What the caches hold, for `cache list`.
public struct CacheUsage: Sendable {
    /// The package cache of one provider.
    public struct Packages: Sendable {
        /// The provider's name.
        public var provider: String
        /// How many files.
        public var count: Int
        /// Their bytes.
        public var bytes: Int64
        /// The newest last use, in seconds since 1970; nil where none is known.
        public var lastUsed: Int64?
    }

    /// The trees and outputs of one provider.
    public struct Workspace: Sendable {
        /// The provider's name.
        public var provider: String
        /// The bytes of all its files.
        public var bytes: Int64
    }

    /// Finished images, those used last first.
    public var images: [(image: StoredImage, lastUsed: Int64)]
    /// By provider, sorted.
    public var packages: [Packages]
    /// By provider, sorted.
    public var workspaces: [Workspace]

    /// The bytes of images, packages and workspaces together.
    public var bytes: Int64 {
        (images.map { Size($0.image.size) } + packages.map { Size($0.bytes) } + workspaces.map { Size($0.bytes) })
            .total { $0 }.bytes
    }
}

extension Composer {
    /// Looks at the caches; nothing is locked or changed.
    ///
    /// - Parameter provider: The only provider to look at; nil for all.
    public func usage(of provider: String? = nil) throws -> CacheUsage {
        var usage = CacheUsage(images: try images.images(), packages: [], workspaces: [])
        if let provider { usage.images.removeAll { $0.image.provider != provider } }
        for name in try Self.folders(in: configuration.cacheFolder.appending("pkgCache"))
        where provider.map({ $0 == name.string }) ?? true {
            let cache = PackageCache(folder: configuration.cacheFolder.appending("pkgCache").appending(name))
            let files = try cache.inventory()
            usage.packages.append(
                .init(
                    provider: name.string, count: files.count, bytes: files.map { Size($0.size) }.total { $0 }.bytes,
                    lastUsed: files.compactMap(\.lastUsed).max()))
        }
        for name in try providerFolders(provider) {
            usage.workspaces.append(
                .init(
                    provider: name.string,
                    bytes: Self.bytes(of: configuration.workFolder.appending(name), depth: 0).bytes))
        }
        return usage
    }

    /// The folders of providers in the work folder.
    func providerFolders(_ provider: String?) throws -> [FilePath.Component] {
        try Self.folders(in: configuration.workFolder).filter { name in
            // A work folder may hold what is not ours.
            Files.exists(configuration.workFolder.appending(name).appending(Self.marker))
                && provider.map { $0 == name.string } ?? true
        }
    }

    private static func folders(in folder: FilePath) throws(SystemError) -> [FilePath.Component] {
        guard try FileStatus.of(folder, followLinks: true)?.kind == .directory else { return [] }
        return try Files.names(in: folder).filter {
            guard !$0.string.hasPrefix("."), let status = try? FileStatus.of(folder.appending($0)) else { return false }
            return status.kind == .directory
        }
    }

    /// The bytes of files below a folder; what cannot be read counts nothing.
    static func bytes(of folder: FilePath, depth: Int) -> Size {
        guard depth < 256, let names = try? Files.names(in: folder) else { return 0 }
        var size: Size = 0
        for name in names {
            let path = folder.appending(name)
            guard let status = (try? FileStatus.of(path)) ?? nil else { continue }
            if status.kind == .directory {
                size = size + bytes(of: path, depth: depth + 1)
            } else if status.kind == .file {
                size = size + Size(status.size)
            }
        }
        return size
    }
}
