import Hashing
import OCI

/// What stands in a key for a base image (rules 36, 37, 56).
public enum BaseIdentity: Hashable, Sendable {
    /// The identity of what the locked image holds.
    case content(SHA256Digest)
    /// The reference, where nothing is locked.
    case reference(ImageReference)
    /// The key of a base image that is declared itself.
    case key(SHA256Digest)

    /// What stands before the digits of a key.
    private static let keyMark = "key:"

    /// Reads what a record says: 64 hexadecimal digits, with `key:` before them or without, or a reference; nil for
    /// anything else.
    init?(_ text: String) {
        if text.hasPrefix(Self.keyMark), let key = SHA256Digest(hexadecimal: text.dropFirst(Self.keyMark.count)) {
            self = .key(key)
        } else if let digest = SHA256Digest(hexadecimal: text) {
            self = .content(digest)
        } else if let reference = try? ImageReference(text) {
            self = .reference(reference)
        } else {
            return nil
        }
    }
}

extension BaseIdentity: CustomStringConvertible {
    /// The first 12 characters, by which people tell identities apart.
    public var short: String {
        switch self {
        case .content(let digest), .key(let digest): digest.short
        case .reference(let reference): String(reference.description.prefix(12))
        }
    }

    /// Whether it is a key.
    var isKey: Bool {
        if case .key = self { true } else { false }
    }

    /// The digits of the content's digest, `key:` and those of the key, or the reference in its full form.
    public var description: String {
        switch self {
        case .content(let digest): digest.hexadecimal
        case .reference(let reference): reference.description
        case .key(let key): Self.keyMark + key.hexadecimal
        }
    }
}
