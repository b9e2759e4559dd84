extension SHA256Digest {
    /// The digest of 32 zero bytes, which stands for "none" in tables.
    public static let zero = SHA256Digest(words: (0, 0, 0, 0))

    /// Reads the 32 bytes at an offset of a buffer; nil where it is too short.
    public init?(_ buffer: UnsafeRawBufferPointer, at offset: Int) {
        guard offset >= 0, offset + 32 <= buffer.count else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8 * index, as: UInt64.self))
        }
        self.init(words: (word(0), word(1), word(2), word(3)))
    }

    /// Appends the 64 lower-case hexadecimal digits to a buffer, without a string in between.
    public func appendHexadecimal(to output: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
            for position in 0..<64 {
                let word =
                    switch position / 16 {
                    case 0: words.0
                    case 1: words.1
                    case 2: words.2
                    default: words.3
                    }
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (position % 16))) & 15
                digits[position] = digit < 10 ? digit + 48 : digit + 87
            }
            output.append(contentsOf: UnsafeBufferPointer(digits))
        }
    }

    /// Appends the 32 bytes to a buffer.
    public func append(to output: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            withUnsafeBytes(of: word.bigEndian) { output.append(contentsOf: $0) }
        }
    }
}
