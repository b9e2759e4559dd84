/// The names of variables and arguments whose values are never shown or stored.
public enum SecretName {
    private static let words = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL"]

    /// Whether a name says that its value is secret.
    public static func matches(_ name: String) -> Bool {
        let upper = name.uppercased()
        return words.contains { upper.contains($0) }
    }
}
