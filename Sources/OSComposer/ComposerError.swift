/// A build of an OS image that cannot go on.
public struct ComposerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for the exit code.
    public enum Kind: Hashable, Sendable {
        /// The command, the template or the configuration asks for what cannot be.
        case usage
        /// Something would have to be made or resolved, and the command forbids it.
        case stale
        /// A file of a cache or a lock file is not what it says it is.
        case corrupt
        /// Another build holds a lock.
        case busy
        /// Anything else of this machine.
        case failed
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
