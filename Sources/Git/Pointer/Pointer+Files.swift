import Glibc
import Hashing
import SystemCalls
import SystemPackage

extension Pointer {
    /// The pointer that a file holds; nil where the file is missing, is no pointer or is empty.
    public static func read(_ path: FilePath) throws -> Pointer? {
        let descriptor: FileDescriptor
        do {
            descriptor = try Files.open(path)
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
    public static func of(_ path: FilePath) throws -> Pointer {
        let descriptor = try Files.open(path)
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
        return Pointer(oid: SHA256Digest(finishing: hash), size: size)
    }
}
