import Hashing

/// A digest that a reference or a `--checksum` names: of an algorithm that container tools know.
///
/// What this program hashes itself is a `SHA256Digest`.
///
/// https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
public struct Digest: Hashable, Sendable {
    /// `sha256`, `sha384` or `sha512`.
    public let algorithm: String
    /// The lower-case hexadecimal digits.
    public let hexadecimal: String

    /// Reads `ALGORITHM:HEX`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let digits = Self.digits[String(text[..<colon])] else { return nil }
        let hexadecimal = text[colon...].dropFirst()
        guard hexadecimal.utf8.count == digits, hexadecimal.utf8.allSatisfy(Self.isDigit) else { return nil }
        algorithm = String(text[..<colon])
        self.hexadecimal = String(hexadecimal)
    }

    /// The digest of another type.
    public init(_ digest: SHA256Digest) {
        algorithm = "sha256"
        hexadecimal = digest.hexadecimal
    }

    /// The same digest as a value to compare with; nil where it is of another algorithm.
    public var sha256: SHA256Digest? { algorithm == "sha256" ? SHA256Digest(hexadecimal: hexadecimal) : nil }

    /// The digits of each algorithm.
    private static let digits = ["sha256": 64, "sha384": 96, "sha512": 128]

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension Digest: CustomStringConvertible {
    /// `ALGORITHM:HEX`.
    public var description: String { "\(algorithm):\(hexadecimal)" }
}
