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
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { digits in
            func put(_ word: UInt64, at offset: Int) {
                digits.storeBytes(of: Self.digits(UInt32(word >> 32)).bigEndian, toByteOffset: offset, as: UInt64.self)
                let low = Self.digits(UInt32(truncatingIfNeeded: word))
                digits.storeBytes(of: low.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
            }
            put(words.0, at: 0)
            put(words.1, at: 16)
            put(words.2, at: 32)
            put(words.3, at: 48)
            output.append(contentsOf: digits)
        }
    }

    /// The eight hexadecimal digits of a number, the first in the leading byte.
    private static func digits(_ number: UInt32) -> UInt64 {
        // One half byte in each byte.
        var digits = UInt64(number)
        digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 where it is 10 or more: letters stand 39 places behind the digits.
        let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return digits + 0x3030_3030_3030_3030 + letters * 39
    }

    /// Appends the 32 bytes to a buffer.
    public func append(to output: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            withUnsafeBytes(of: word.bigEndian) { output.append(contentsOf: $0) }
        }
    }
}
