import Glibc
import Hashing
import SystemCalls
import SystemPackage

/// Where the bytes of an archive go: counted, hashed on the way where asked.
final class ByteSink {
    private let consume: (UnsafeRawBufferPointer) throws -> Void
    private var hash: IncrementalHash?
    /// How many bytes went in.
    private(set) var count: Int64 = 0
    /// Told how many bytes went in so far.
    var progress: (Int64) -> Void = { _ in }

    init(hashing: Bool, _ consume: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.consume = consume
        hash = hashing ? IncrementalHash(.sha256) : nil
    }

    /// Writes to an open file or pipe.
    convenience init(_ descriptor: FileDescriptor, named name: String, hashing: Bool) {
        self.init(hashing: hashing) { try Files.write($0, to: descriptor, named: name) }
    }

    /// Compares with the bytes of an open file, from its start; a difference is damage.
    static func comparing(_ descriptor: FileDescriptor, named name: String) -> ByteSink {
        let buffer = Buffer()
        var offset: Int64 = 0
        return ByteSink(hashing: true) { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<min(rest.count, buffer.bytes.count)])
                let count = try checked("read", name) {
                    pread(descriptor.rawValue, part.baseAddress, part.count, off_t(offset))
                }
                let expected = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
                guard count > 0, let found = part.baseAddress, let wanted = expected.baseAddress,
                    memcmp(found, wanted, count) == 0
                else {
                    throw ArchiveError.corrupt(name, "it is not in the canonical form near byte \(offset)")
                }
                offset += Int64(count)
                rest = rest.dropFirst(count)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        hash?.update(bytes)
        count += Int64(bytes.count)
        try consume(bytes)
        progress(count)
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Stops hashing: the digest of these bytes is not wanted any more.
    func stopHashing() {
        hash = nil
    }

    /// The digest of all that went in; nil where it was not hashed.
    func digest() -> SHA256Digest? {
        hash.map { SHA256Digest(finishing: $0) }
    }
}
