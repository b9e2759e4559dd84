import Hashing
import Programs
import SystemCalls
import SystemPackage

/// What stands in a package's place.
enum PackageCheck: Hashable, Sendable {
    /// The package, to the byte.
    case whole
    /// Nothing.
    case missing
    /// Something else, and what is wrong with it.
    case invalid(String)

    /// Looks at a file: a regular one, the size and the SHA-256 of the signed index.
    static func of(_ file: FilePath, _ package: Package) throws(SystemError) -> PackageCheck {
        guard let kind = try FileStatus.of(file)?.kind else { return .missing }
        if kind != .file { return .invalid(kind.complaint) }
        let descriptor: FileDescriptor
        do {
            descriptor = try Files.openPlain(file)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return .missing
        } catch  where error.errno == .tooManySymbolicLinkLevels || error.errno == .invalidArgument {
            return .invalid(error.reason)
        }
        defer { try? descriptor.close() }
        let size = try FileStatus.of(descriptor).size
        if size != package.size { return .invalid("it has \(size) bytes instead of \(package.size)") }
        let digest: SHA256Digest
        do {
            digest = try SHA256Digest.ofRest(of: descriptor, named: file.string).digest
        } catch  where error.errno == .ioError {
            return .invalid("it cannot be read: \(error.reason)")
        }
        return digest == package.sha256 ? .whole : .invalid("its SHA-256 is another one")
    }

    /// Looks at the files of packages in a folder, two at a time on threads of their own.
    ///
    /// - Parameter source: Is asked about files that have the right digest; nil asks nobody.
    static func all(
        _ packages: [Package], in folder: FilePath, source: (any PackageSource)?
    ) async throws -> [Package: PackageCheck] {
        let parts = stride(from: 0, to: packages.count, by: 8).map {
            packages[$0..<min($0 + 8, packages.count)]
        }
        return try await withThrowingTaskGroup(of: [(Package, PackageCheck)].self) { group in
            var rest = parts[...]
            func addNext() {
                guard let part = rest.popFirst() else { return }
                group.addTask {
                    try Task.checkCancellation()
                    var found = try await onOwnThread {
                        try part.map { ($0, try PackageCheck.of(folder.appending($0.fileName), $0)) }
                    }
                    guard let source else { return found }
                    for index in found.indices where found[index].1 == .whole {
                        let package = found[index].0
                        let file = folder.appending(package.fileName)
                        if let complaint = try await source.complaint(about: file, package: package) {
                            found[index].1 = .invalid(complaint)
                        }
                    }
                    return found
                }
            }
            addNext()
            addNext()
            var checks: [Package: PackageCheck] = [:]
            while let found = try await group.next() {
                for (package, check) in found { checks[package] = check }
                addNext()
            }
            return checks
        }
    }
}
