/// What `.gitattributes` say of one attribute of one path.
public enum AttributeValue: Hashable, Sendable {
    /// No line says anything (`!name` as well).
    case unspecified
    /// `name`.
    case set
    /// `-name`.
    case unset
    /// `name=text`.
    case value(String)

    /// The text of `name=text`; nil for the other forms.
    public var text: String? {
        if case .value(let text) = self { text } else { nil }
    }

    /// The word that `git check-attr` prints.
    public var word: String {
        switch self {
        case .unspecified: "unspecified"
        case .set: "set"
        case .unset: "unset"
        case .value(let text): text
        }
    }
}
