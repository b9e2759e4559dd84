/// A package, an index or a cache of packages that cannot be used.
public struct PackageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for the exit code.
    public enum Kind: Hashable, Sendable {
        /// A name that no repository has, a set that cannot be installed.
        case unresolved
        /// A server, a mirror or the network.
        case network
        /// An index or a package whose signature or digest is wrong.
        case untrusted
        /// Something is needed from the network and the build is offline.
        case offline
        /// A program is missing, or failed.
        case tool
        /// This machine's files.
        case file
        /// Somebody else holds the lock, and it was not given back in time.
        case busy
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
