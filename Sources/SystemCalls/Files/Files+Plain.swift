import Glibc
import SystemPackage

/// Files of the project and of this program's state: opened as what they are, never through a link.
///
/// A commit can hold a link to any file of the user, and a link or pipe can stand in a folder of others. So what lies
/// below the work tree, in the cache folder or in a state folder is a regular file, or it is not opened.
extension Files {
    /// Opens a regular file for reading; a link, pipe, folder or device is an error that says so, at once.
    public static func openPlain(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        try openPlain(path, "open", flags: O_RDONLY, permissions: 0)
    }

    /// Creates a regular file for writing, or empties the one that is there.
    public static func createPlain(
        _ path: FilePath, permissions: mode_t = 0o666
    ) throws(SystemError) -> FileDescriptor {
        let descriptor = try openPlain(path, "create", flags: O_RDWR | O_CREAT, permissions: permissions)
        do {
            try checked("create", path.string) { ftruncate(descriptor.rawValue, 0) }
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// Opens a regular file for reading and writing, as it is; it is made where it is missing.
    public static func openPlainForUpdate(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        try openPlain(path, "open", flags: O_RDWR | O_CREAT, permissions: 0o666)
    }

    /// Reads a small regular file; nil where nothing is there.
    ///
    /// A file above `limit` bytes is an error (`EFBIG`).
    public static func readPlain(_ path: FilePath, limit: Int = 64 << 20) throws(SystemError) -> [UInt8]? {
        let descriptor: FileDescriptor
        do {
            descriptor = try openPlain(path)
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        defer { try? descriptor.close() }
        return try readAll(descriptor, named: path.string, limit: limit)
    }

    /// Opens without following a link and without waiting for the other end of a pipe, then looks at what it is.
    static func openPlain(
        _ path: FilePath, _ operation: String, flags: Int32, permissions: mode_t
    ) throws(SystemError) -> FileDescriptor {
        let number: Int32
        do {
            number = try checked(operation, path.string) {
                path.withPlatformString {
                    Glibc.open($0, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, permissions)
                }
            }
        } catch {
            // A link is ELOOP, a pipe without a reader and a socket ENXIO, a folder EISDIR.
            let kind = ((try? FileStatus.of(path)) ?? nil)?.kind
            guard let kind, kind != .file else { throw error }
            throw SystemError(operation, path.string, error.errno, reason: kind.complaint)
        }
        let descriptor = FileDescriptor(rawValue: number)
        do throws(SystemError) {
            let kind = try FileStatus.of(descriptor).kind
            guard kind == .file else {
                let errno: Errno = kind == .directory ? .isDirectory : .invalidArgument
                throw SystemError(operation, path.string, errno, reason: kind.complaint)
            }
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// A path whose links below `root` are resolved one after the other; the end of it may be missing.
    ///
    /// - Parameters:
    ///   - path: An absolute path, lexically below `root`.
    ///   - root: The folder that no link may leave; itself resolved.
    /// - Returns: The path without links; nil where a link leads out of `root` or round in circles.
    public static func resolved(_ path: FilePath, below root: FilePath) throws(SystemError) -> FilePath? {
        var links: [FilePath] = []
        return try resolve(path, below: root, &links)
    }

    /// The links that are followed on the way to what a path names below `root`, none of them below another link.
    public static func links(on path: FilePath, below root: FilePath) throws(SystemError) -> [FilePath] {
        var links: [FilePath] = []
        _ = try resolve(path, below: root, &links)
        return links
    }

    private static func resolve(
        _ path: FilePath, below root: FilePath, _ links: inout [FilePath]
    ) throws(SystemError) -> FilePath? {
        guard let relative = path.lexicallyNormalized().relative(to: root) else { return nil }
        var rest = Array(FilePath(bytes: relative.bytes).components.reversed())
        var found: [FilePath.Component] = []
        while let component = rest.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory: if found.popLast() == nil { return nil }
            case .regular:
                let place = FilePath(root: root.root, root.components + found).appending(component)
                guard try FileStatus.of(place)?.kind == .symbolicLink else {
                    found.append(component)
                    continue
                }
                links.append(place)
                var target = FilePath(bytes: try linkText(place))
                if links.count > 40 { return nil }
                if target.isAbsolute {
                    guard let inside = target.lexicallyNormalized().relative(to: root) else { return nil }
                    target = FilePath(bytes: inside.bytes)
                    found = []
                }
                rest += target.components.reversed()
            }
        }
        return FilePath(root: root.root, root.components + found)
    }

    /// Opens a file that the rules let be a link: it is resolved below `root`, and what it leads to is a regular file.
    ///
    /// A path that is not below `root`, and any path where `root` is nil, is opened as it is given.
    public static func openLinked(_ path: FilePath, below root: FilePath?) throws(SystemError) -> FileDescriptor {
        guard let root, path.lexicallyNormalized().relative(to: root) != nil else {
            return try open(path)
        }
        guard let target = try resolved(path, below: root) else {
            throw SystemError(
                "open", path.string, .tooManySymbolicLinkLevels,
                reason: "it is a link that leads out of \(root), or in a circle")
        }
        if target != path.lexicallyNormalized(), target.isInGitFolder(below: root) {
            throw SystemError(
                "open", path.string, .tooManySymbolicLinkLevels, reason: "it is a link into Git's own folder")
        }
        return try openPlain(target)
    }

    /// Reads a small file that the rules let be a link (`openLinked`); nil where nothing is there.
    public static func readLinked(
        _ path: FilePath, below root: FilePath?, limit: Int = 64 << 20
    ) throws(SystemError) -> [UInt8]? {
        let descriptor: FileDescriptor
        do {
            descriptor = try openLinked(path, below: root)
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        defer { try? descriptor.close() }
        return try readAll(descriptor, named: path.string, limit: limit)
    }
}

extension FileStatus.Kind {
    /// What a file is that should have been a regular one.
    public var complaint: String {
        switch self {
        case .file: "it is a regular file"
        case .directory: "it is a folder"
        case .symbolicLink: "it is a symbolic link"
        case .fifo: "it is a named pipe"
        case .socket: "it is a socket"
        case .characterDevice, .blockDevice: "it is a device"
        case .unknown: "it is not a regular file"
        }
    }
}
