import Hashing
import JSON
import SystemCalls

/// Keeps the values of secret-looking arguments out of records: their SHA-256 stands in their place.
package struct SecretText {
    private let values: [String]

    /// Knows the values of these arguments that must not be written.
    package init(_ arguments: [String: String]) {
        values = arguments.filter { Self.isSecret($0.key) && !$0.value.isEmpty }.map(\.value)
    }

    /// Whether an argument's name says that its value is secret.
    package static func isSecret(_ name: String) -> Bool {
        SecretName.matches(name)
    }

    /// A value under a name, or `{"sha256": …}` where either tells that it is secret.
    package func json(_ value: String, name: String? = nil) -> JSONValue {
        if name.map(Self.isSecret) ?? false || values.contains(where: { Self.gives($0, away: value) }) {
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
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return text
    }
}
