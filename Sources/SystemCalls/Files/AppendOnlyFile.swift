import Glibc
import SystemPackage

/// A file of lines that several programs write to at once, and that is put aside where it has grown.
public enum AppendOnlyFile {
    /// Appends bytes in one write, which no other writer's can part; the file is made where it is missing.
    ///
    /// A file that has grown to `limit` bytes is renamed to `aside`, in place of the one there. Its lock is taken for
    /// that alone, and never waited for; a writer that still has the file open writes to the one aside.
    public static func append(
        _ bytes: [UInt8], to path: FilePath, limit: Int, aside: FilePath
    ) throws(SystemError) {
        let descriptor = try Files.openPlain(
            path, "open", flags: O_WRONLY | O_APPEND | O_CREAT, permissions: 0o666)
        defer { try? descriptor.close() }
        let number = descriptor.rawValue
        let count = try checked("write", path.string) {
            bytes.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
        }
        guard count == bytes.count else { throw SystemError("write", path.string, .noSpace) }
        let status = try FileStatus.of(descriptor)
        guard status.size >= limit, flock(number, LOCK_EX | LOCK_NB) == 0 else { return }
        // Somebody else may have put it aside since it was opened.
        guard let present = try FileStatus.of(path), present.inode == status.inode, present.device == status.device
        else { return }
        try Files.rename(path, to: aside)
    }
}
