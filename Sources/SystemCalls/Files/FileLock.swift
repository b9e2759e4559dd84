import Glibc
import SystemPackage

/// An exclusive lock on a file (`flock`), held until `release` or the end of the process; the holder's pid is its content.
public final class FileLock: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Takes the lock if nobody has it, making the file where it is missing; nil where somebody else has it.
    ///
    /// A link in the file's place is an error, since the lock's holder writes to the file.
    public static func tryAcquire(_ path: FilePath) throws(SystemError) -> FileLock? {
        let descriptor = try Files.openPlain(path, "open", flags: O_RDWR | O_CREAT, permissions: 0o666)
        let number = descriptor.rawValue
        do {
            try checked("lock", path.string) { flock(number, LOCK_EX | LOCK_NB) }
        } catch  where error.errno == .wouldBlock {
            try? descriptor.close()
            return nil
        } catch {
            try? descriptor.close()
            throw error
        }
        ftruncate(number, 0)
        try Files.write(Array("\(getpid())\n".utf8), to: descriptor, named: path.string)
        return FileLock(descriptor)
    }

    /// Whether somebody holds a file locked; so it is said of one that cannot be opened.
    public static func isHeld(_ path: FilePath) -> Bool {
        guard let descriptor = try? Files.openPlain(path) else { return true }
        defer { try? descriptor.close() }
        return flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0
    }

    /// The pid written by the lock's holder, where it can be read.
    public static func holder(of path: FilePath) -> Int32? {
        guard let bytes = try? Files.readPlain(path, limit: 64) else { return nil }
        return Int32(String(decoding: bytes, as: UTF8.self).filter(\.isNumber))
    }

    /// Gives the lock back.
    public func release() {
        flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }
}
