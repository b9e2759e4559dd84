import Hashing
import SystemCalls

/// The SHA-1 name of a Git object.
public struct ObjectID: Hashable, Sendable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Takes 20 bytes; nil for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index {
            case ..<8: words.0 = words.0 << 8 | UInt64(byte)
            case ..<16: words.1 = words.1 << 8 | UInt64(byte)
            default: words.2 = words.2 << 8 | UInt32(byte)
            }
        }
        (high, middle, low) = words
    }

    /// Reads 20 bytes of a buffer that is known to hold them at `offset`.
    init(_ buffer: UnsafeRawBufferPointer, at offset: Int) {
        high = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        middle = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        low = UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self))
    }

    /// Reads 40 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = [UInt8](hexadecimal: Array(text.utf8)) else { return nil }
        self.init(bytes: bytes)
    }

    /// The name that a blob of these bytes has.
    public init(ofBlob bytes: [UInt8]) {
        let hash = BlobHash(size: Int64(bytes.count))
        bytes.withUnsafeBytes { hash.update($0) }
        self = hash.finish()
    }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: middle >> (56 - 8 * $0)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) }
    }

    /// Writes the 20 bytes to the start of a buffer that has room for them.
    public func copyBytes(to buffer: UnsafeMutableRawBufferPointer) {
        buffer.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
        buffer.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
        buffer.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
    }

    /// Hands the 20 bytes to a closure, without an array in between.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: (high.bigEndian, middle.bigEndian, low.bigEndian)) {
            body(UnsafeRawBufferPointer(rebasing: $0[..<20]))
        }
    }

    /// 40 lower-case hexadecimal digits.
    public var hexadecimal: String { bytes.hexadecimal() }

    /// The first 10 digits, by which people tell commits apart.
    public var short: String { String(hexadecimal.prefix(10)) }

    /// The name of no object, as hooks write it for a missing side.
    public static let zero = ObjectID()

    private init() {
        (high, middle, low) = (0, 0, 0)
    }
}

extension ObjectID: CustomStringConvertible {
    /// 40 lower-case hexadecimal digits.
    public var description: String { hexadecimal }
}

/// The name of a blob whose bytes come piece by piece; its size must be known before.
public final class BlobHash {
    private let hash = IncrementalHash(.sha1)

    /// Starts the name of a blob of `size` bytes.
    public init(size: Int64) {
        hash.update("blob \(size)\0")
    }

    /// Takes in more bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bytes)
    }

    /// The blob's name.
    public func finish() -> ObjectID {
        hash.finish().withUnsafeBytes { ObjectID($0, at: 0) }
    }
}
