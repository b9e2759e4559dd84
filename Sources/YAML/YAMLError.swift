/// A text that is no YAML document, or one beyond the limits.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `cannot read FILE:LINE: REASON`.
    public let description: String
    /// The next thing to do, where there is one to name.
    public let hint: String?

    /// Makes an error of its message and hint.
    init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
