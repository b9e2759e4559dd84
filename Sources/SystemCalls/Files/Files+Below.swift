import Glibc
import SystemPackage

/// Opening below an open folder, for walks that must not be led elsewhere and open very many files.
///
/// A link is not followed and the other end of a pipe not waited for. Where nothing can be opened the answer is negative,
/// and `errno` says why.
extension Files {
    /// Opens a folder below an open one.
    public static func openFolder(_ path: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
        openat(folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }

    /// Opens a file below an open folder; what it is shows in its status.
    public static func openFile(_ path: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
        openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    }
}

/// Opening what the user names.
extension Files {
    /// Opens a log that the user named, to add lines at its end; it is made where it is missing.
    public static func openForAppending(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let number = try checked("open", path.string) {
            path.withPlatformString { Glibc.open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o644) }
        }
        return FileDescriptor(rawValue: number)
    }

    /// Whether this process belongs to a terminal, of which Ctrl-C reaches all programs.
    public static var hasTerminal: Bool {
        let descriptor = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }
}
