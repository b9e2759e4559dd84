/// Bytes as text and back without loss: each byte that is no part of valid UTF-8 is a private-use character.
package enum LosslessText {
    /// The private-use characters U+10F780 to U+10F7FF stand for the bytes 80 to FF.
    private static let base: UInt32 = 0x10F700

    /// The text of some bytes.
    package static func text(of bytes: some Collection<UInt8>) -> String {
        if let valid = String(validating: bytes, as: UTF8.self) { return valid }
        var scalars = String.UnicodeScalarView()
        for character in GlobToken.characters(of: bytes) {
            let value = character >= 0x110000 ? base + (character - 0x110000) : character
            if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    /// The bytes of some text.
    package static func bytes(of text: some StringProtocol) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if isByte(scalar) {
                bytes.append(UInt8(scalar.value - base))
            } else {
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        return bytes
    }

    /// Whether a character stands for a byte; a text that holds such a character of its own cannot be told apart.
    package static func isByte(_ scalar: Unicode.Scalar) -> Bool {
        (base + 0x80...base + 0xFF).contains(scalar.value)
    }
}
