import Glibc
import SystemPackage

/// Files of Git's, of the user and of the system: links are followed as Git follows them, but nothing is waited for.
extension Files {
    /// Opens a regular file for reading; a pipe, socket or folder is an error that says so, at once.
    ///
    /// A device is opened as well, since `/dev/null` stands for an empty file; none that would have to be waited for is
    /// read. So is a pipe that this process was given open (`/dev/fd/63`, as a shell's `<(…)` names it).
    public static func openRegular(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        if ["/dev/fd/", "/proc/self/fd/", "/dev/stdin"].contains(where: { path.string.hasPrefix($0) }) {
            return try open(path)
        }
        let number: Int32
        do {
            number = try checked("open", path.string) {
                path.withPlatformString { Glibc.open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) }
            }
        } catch {
            try refuseUnusual(path, errno: error.errno)
            throw error
        }
        let descriptor = FileDescriptor(rawValue: number)
        do throws(SystemError) {
            switch try FileStatus.of(descriptor).kind {
            case .file, .characterDevice, .blockDevice: return descriptor
            case .directory: throw SystemError("open", path.string, .isDirectory)
            case let kind: throw SystemError("open", path.string, .invalidArgument, reason: kind.complaint)
            }
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    /// Opens a folder, links followed; anything else is an error at once.
    public static func openFolder(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let number = try checked("open", path.string) {
            path.withPlatformString { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        return FileDescriptor(rawValue: number)
    }

    /// Refuses a path at which something stands that would have to be waited for; another program or library reads it.
    public static func refuseWaiting(_ path: FilePath) throws(SystemError) {
        try refuseUnusual(path, errno: .invalidArgument)
    }

    private static func refuseUnusual(_ path: FilePath, errno: Errno) throws(SystemError) {
        let kind = ((try? FileStatus.of(path, followLinks: true)) ?? nil)?.kind
        if let kind, kind == .fifo || kind == .socket {
            throw SystemError("open", path.string, errno, reason: kind.complaint)
        }
    }
}
