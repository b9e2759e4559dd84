import Hashing
import OCI

/// What stands in a key for a base image (rules 36, 37).
public enum BaseIdentity: Hashable, Sendable {
    /// The identity of what the locked image holds.
    case content(SHA256Digest)
    /// The reference, where nothing is locked.
    case reference(ImageReference)

    /// Reads what a record says: 64 hexadecimal digits or a reference; nil for anything else.
    init?(_ text: String) {
        if let digest = SHA256Digest(hexadecimal: text) {
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
        case .content(let digest): digest.short
        case .reference(let reference): String(reference.description.prefix(12))
        }
    }

    /// The digits of the content's digest, or the reference in its full form.
    public var description: String {
        switch self {
        case .content(let digest): digest.hexadecimal
        case .reference(let reference): reference.description
        }
    }
}
