import SystemCalls
import SystemPackage

extension SHA256Digest {
    /// The digest and size of what is left of an open file, read piece by piece.
    public static func ofRest(
        of descriptor: FileDescriptor, named name: String
    ) throws(SystemError) -> (digest: SHA256Digest, size: Int64) {
        let hash = IncrementalHash(.sha256)
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var size: Int64 = 0
        while true {
            let count = try Files.read(descriptor, into: &buffer, named: name)
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += Int64(count)
        }
        return (SHA256Digest(finishing: hash), size)
    }

    /// The digest and size of a regular file; a link is refused.
    public static func ofFile(_ path: FilePath) throws(SystemError) -> (digest: SHA256Digest, size: Int64) {
        let descriptor = try Files.openPlain(path)
        defer { try? descriptor.close() }
        return try ofRest(of: descriptor, named: path.string)
    }
}
