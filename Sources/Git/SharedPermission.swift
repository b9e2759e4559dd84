import Glibc
import SystemCalls
import SystemPackage

/// What `core.sharedRepository` says of the permissions of new files and folders in Git's folder.
///
/// Git adds the bits to those that the umask leaves; a number takes the umask's place.
public struct SharedPermission: Hashable, Sendable {
    /// The bits of a file; nil where the umask alone decides.
    private let bits: mode_t?
    /// Whether the bits take the umask's place.
    private let isExact: Bool

    /// Reads the configuration; nil is that of a repository that is not shared.
    public init(_ configuration: GitConfiguration?) {
        let text = configuration?.string("core.sharedrepository")?.lowercased()
        switch text {
        case nil, "", "umask", "false", "no", "off", "0": (bits, isExact) = (nil, false)
        case "group", "true", "yes", "on", "1": (bits, isExact) = (0o660, false)
        case "all", "world", "everybody", "2": (bits, isExact) = (0o664, false)
        case .some(let text): (bits, isExact) = (mode_t(text, radix: 8).map { 0o666 & $0 }, true)
        }
    }

    private init(bits: mode_t?, isExact: Bool) {
        self.bits = bits
        self.isExact = isExact
    }

    /// What git-lfs makes of it for its objects: the bits always take the umask's place.
    public var ofObjects: SharedPermission { SharedPermission(bits: bits, isExact: true) }

    /// The same with the bit for entering a folder, or running a program, for all who may read.
    private static func searchable(_ bits: mode_t) -> mode_t { bits | (bits & 0o444) >> 2 }

    /// Runs a call that makes files or folders in Git's folder, so that they get the permissions; not to be nested.
    public func creating<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let bits else { return try body() }
        let wanted = Self.searchable(bits)
        return try CreationMask.changed({ isExact ? 0o777 & ~wanted : $0 & ~wanted }, body)
    }

    /// Runs a call that replaces a file in Git's folder: a file that is there keeps its mode, as with Git.
    public func replacing<Result>(_ path: FilePath, _ body: () throws -> Result) rethrows -> Result {
        guard let status = (try? FileStatus.of(path, followLinks: true)) ?? nil else { return try creating(body) }
        return try CreationMask.changed({ _ in 0o777 & ~status.permissions }, body)
    }

    /// Makes a folder in Git's folder and those above it.
    public func createDirectories(_ path: FilePath) throws(SystemError) {
        do {
            try creating { try Files.createDirectories(path) }
        } catch let error as SystemError {
            throw error
        } catch {
            throw SystemError("create", path.string, .ioError)
        }
    }

    /// Gives a new file in Git's folder the permissions.
    public func apply(toFile path: FilePath) throws(SystemError) {
        guard let bits, let status = try FileStatus.of(path) else { return }
        // Who may not write to an object lets nobody else do so.
        let shared = status.permissions & 0o200 == 0 ? bits & ~0o222 : bits
        let wanted = isExact ? shared : status.permissions | shared
        try checked("change the mode of", path.string) { path.withPlatformString { chmod($0, wanted) } }
    }
}

extension Repository {
    /// The permissions of new files in Git's folder.
    public var sharedPermission: SharedPermission { SharedPermission(try? configuration()) }
}
