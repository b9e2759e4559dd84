/// An artifact that cannot be made, or an image that cannot be looked into.
public struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for the exit code.
    public enum Kind: Hashable, Sendable {
        /// What the template says cannot be made.
        case template
        /// The root file system, or an image, is not what it has to be.
        case content
        /// A program is missing, or failed.
        case tool
        /// There is no room left where the artifact is made.
        case space
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

    /// Makes an error about an artifact.
    static func making(_ artifact: String, _ kind: Kind, _ reason: String, hint: String? = nil) -> DiskError {
        DiskError(kind, "cannot make the \(artifact) artifact: \(reason)", hint: hint)
    }
}
