import Hashing

extension SHA256Digest {
    /// Reads an image's id as engines print it: 64 hexadecimal digits, with or without `sha256:` before them.
    public init?(imageID text: some StringProtocol) {
        if let digest = SHA256Digest(text) ?? SHA256Digest(hexadecimal: text) { self = digest } else { return nil }
    }

    /// The first 12 digits, by which people tell images apart.
    public var short: String { String(hexadecimal.prefix(12)) }
}
