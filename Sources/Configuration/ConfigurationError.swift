import YAML

/// A configuration, flag or variable that cannot be used.
///
/// All of them end in exit code 2.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `cannot VERB OBJECT: REASON`, what stands in a file named `FILE:LINE`.
    public let description: String
    /// The next thing to do, where there is one to name.
    public let hint: String?

    /// Makes an error of its message and hint.
    public init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }

    /// What a YAML text is refused for.
    init(_ error: YAMLError) {
        self.init(error.description, hint: error.hint)
    }
}
