import Hashing
import SystemCalls
import SystemPackage

/// Digests of whole files, read piece by piece.
enum FileDigest {
    /// Size and digest of a file.
    static func of(_ path: FilePath) throws -> (size: Int64, sha256: SHA256Digest) {
        let file = try Files.openRegular(path)
        defer { try? file.close() }
        let (digest, size) = try read(file, named: path.string) { _ in }
        return (size, digest)
    }

    /// Copies the rest of a file, and gives the digest of what was copied.
    static func copy(
        _ input: FileDescriptor, named source: String, to output: FileDescriptor, named target: String
    ) throws -> (SHA256Digest, Int64) {
        try read(input, named: source) { try Files.write($0, to: output, named: target) }
    }

    private static func read(
        _ input: FileDescriptor, named name: String, _ take: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> (SHA256Digest, Int64) {
        let hash = IncrementalHash(.sha256)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var size: Int64 = 0
        while true {
            try Task.checkCancellation()
            let count = try Files.read(input, into: &buffer, named: name)
            if count == 0 { return (SHA256Digest(finishing: hash), size) }
            try buffer.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                hash.update(part)
                try take(part)
            }
            size += Int64(count)
        }
    }
}
