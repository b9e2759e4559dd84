import Context
import Dockerfile
import Hashing
import JSON
import Records
import SystemCalls

/// What stands for the values of secrets in keys and records.
///
/// A secret that was given from outside counts as its scrypt, salted with the SHA-256 of the image's and the argument's
/// name, so that every clone has the same key. A text that such a value went into counts as a SHA-256 that only who
/// has done the scrypt can compute: the second half of its bytes goes in, which stands nowhere. What a committed file
/// says counts as it stands, and is only not shown.
struct SecretSeal {
    private struct Key {
        let shown: [UInt8]
        let hidden: [UInt8]
    }

    private var keys: [SecretSource: Key] = [:]

    /// Computes the scrypt of each secret.
    init(image: String, _ sources: Set<SecretSource>) throws(InputsError) {
        for source in sources {
            guard let value = source.value else { continue }
            let salt = CanonicalValue.list([.text(image), .text(source.name)]).digest.bytes
            guard let bytes = Scrypt.bytes(of: value.utf8, salt: salt, count: 64) else {
                throw InputsError(.system, "cannot hash the secret argument \(source.name): not enough memory")
            }
            keys[source] = Key(shown: Array(bytes[..<32]), hidden: Array(bytes[32...]))
        }
    }

    /// What stands for a text that a secret from outside went into; nil for any other.
    func seal(_ text: Expanded) -> SHA256Digest? {
        let sources = text.secrets.filter { $0.value != nil }
        if sources.isEmpty { return nil }
        if sources.count == 1, let source = sources.first, source.value == text.text {
            return keys[source].flatMap { SHA256Digest(bytes: $0.shown) } ?? .zero
        }
        let known = sources.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.compactMap { keys[$0] }
        if known.count != sources.count { return .zero }
        return CanonicalValue.list(known.map { .atom($0.hidden) } + [.text(text.text)]).digest
    }

    /// A text in the key.
    func canonical(_ text: Expanded) -> CanonicalValue {
        seal(text).map { .list([.text("secret"), .digest($0)]) } ?? .text(text.text)
    }

    /// A text in the record: `{"scrypt": …}` for one that a secret from outside went into, `{"sha256": …}` for one that
    /// a secret of a committed file went into.
    func json(_ text: Expanded) -> JSONValue {
        members(of: text).map { .object($0) } ?? .string(text.text)
    }

    /// The members that stand for a text in the record; nil for one that holds no secret.
    func members(of text: Expanded) -> [JSONValue.Member]? {
        if let digest = seal(text) { return [.init("scrypt", .string(digest.hexadecimal))] }
        if text.secrets.isEmpty { return nil }
        return [.init("sha256", .string(SHA256Digest(of: text.text.utf8).hexadecimal))]
    }
}
