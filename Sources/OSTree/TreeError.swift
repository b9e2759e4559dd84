/// A root file system that cannot be made.
public struct TreeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for the exit code.
    public enum Kind: Hashable, Sendable {
        /// The caller is not root.
        case privilege
        /// A program is missing, or failed.
        case tool
        /// A package cannot be installed.
        case package
        /// What the template asks for does not work in this tree: a user, a file, a command.
        case configuration
        /// This machine's files.
        case file
    }

    /// The kind.
    public let kind: Kind
    /// `cannot VERB OBJECT: REASON`, one line.
    public let description: String
    /// The next thing to do.
    public let hint: String?

    /// Makes an error.
    public init(_ kind: Kind, _ description: String, hint: String? = nil) {
        self.kind = kind
        self.description = description
        self.hint = hint
    }
}
