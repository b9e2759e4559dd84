import SystemCalls

/// A SHA-256 digest: of a blob, of a key's canonical bytes, of an LFS object.
public struct SHA256Digest: Hashable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Takes 32 bytes; nil for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 64, !digits.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }),
            let bytes = [UInt8](hexadecimal: digits)
        else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads the OCI form `sha256:` and 64 lower-case hexadecimal digits; nil for anything else.
    ///
    /// https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hexadecimal: text.dropFirst(7))
    }

    /// Hashes bytes at hand.
    public init(of bytes: some Sequence<UInt8>) {
        let hash = IncrementalHash(.sha256)
        hash.update(bytes)
        self.init(finishing: hash)
    }

    /// Ends a SHA-256 hash that is under way.
    public init(finishing hash: IncrementalHash) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in hash.finish().prefix(32).enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String { bytes.hexadecimal() }

    /// Compares the digests' bytes.
    public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool { left.words == right.words }

    /// Feeds the digest's bytes to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The OCI form: `sha256:` and the digits.
    public var description: String { "sha256:" + hexadecimal }
}
