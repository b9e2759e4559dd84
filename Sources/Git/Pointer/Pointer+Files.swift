import Glibc
import Hashing
import SystemCalls
import SystemPackage

extension Pointer {
    /// The pointer that a file of the project holds; nil where it is missing, is no pointer or is empty.
    ///
    /// A link, pipe or folder is an error.
    public static func read(_ path: FilePath) throws -> Pointer? {
        let descriptor: FileDescriptor
        do {
            descriptor = try Files.openPlain(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return nil }
            throw error
        }
        defer { try? descriptor.close() }
        var buffer = [UInt8](repeating: 0, count: maximumLength)
        var count = 0
        while count < buffer.count {
            let read = try checked("read", path.string) {
                buffer.withUnsafeMutableBytes {
                    Glibc.read(descriptor.rawValue, $0.baseAddress.map { $0 + count }, $0.count - count)
                }
            }
            if read == 0 { break }
            count += read
        }
        return count == 0 ? nil : Pointer(parsing: buffer[..<count])
    }

    /// The pointer of a file's content, read in constant memory.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isGiven: Whether the command line or Git's folder names it, so that it is opened whatever it is; a file of
    ///     the project is a regular one.
    public static func of(_ path: FilePath, isGiven: Bool = false) throws -> Pointer {
        let descriptor = try isGiven ? Files.open(path) : Files.openPlain(path)
        defer { try? descriptor.close() }
        let hash = IncrementalHash(.sha256)
        var size: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try Files.read(descriptor, into: &buffer, named: path.string)
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += Int64(count)
        }
        return Pointer(oid: SHA256Digest(finishing: hash), size: Size(size))
    }
}
