import Hashing
import JSON
import SystemCalls

/// Keeps secret values out of texts of the Dockerfile that are not expanded; those that are carry their secrets along.
///
/// Such a text holds one only where it stands in a committed file, too; the SHA-256 of the text takes its place.
package struct SecretText {
    private let values: [String]

    /// Knows the values of arguments that must not be written: those that are named here, or whose names say so.
    package init(_ arguments: [String: String], secrets: Set<String>) {
        values = arguments.filter {
            (secrets.contains($0.key) || SecretName.matches($0.key)) && !$0.value.isEmpty
        }.map(\.value)
    }

    /// A value under a name, or `{"sha256": …}` where either tells that it is secret.
    package func json(_ value: String, name: String? = nil) -> JSONValue {
        if name.map(SecretName.matches) ?? false || values.contains(where: { Self.gives($0, away: value) }) {
            return ["sha256": .string(SHA256Digest(of: value.utf8).hexadecimal)]
        }
        return .string(value)
    }

    /// Whether a text holds a secret value; short ones, which may stand anywhere by chance, only as the whole text.
    private static func gives(_ secret: String, away text: String) -> Bool {
        secret.utf8.count < 6 ? text == secret : text.contains(secret)
    }

    /// A text in which secret values are blanked out, for what is only shown.
    package func blanked(_ text: String) -> String {
        var text = text
        for value in values where value.utf8.count >= 6 && text.contains(value) {
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: SecretName.mask)
        }
        return text
    }
}
