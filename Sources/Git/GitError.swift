import SystemCalls

/// What went wrong in a Git repository.
public struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Kind: Hashable, Sendable {
        /// The object, revision or file is not there.
        case notFound
        /// The repository belongs to another user and no `safe.directory` allows it.
        case notOwned
        /// The repository uses a format that this program cannot read (SHA-256 objects, reftable).
        case unsupported
        /// The index is of a form that cannot be read or written here.
        case unreadableIndex
        /// Another process holds a lock.
        case locked
        /// Nothing was staged; the index is as it was.
        case notStaged
        /// An object is larger than the caller allowed.
        case tooLarge
        /// The machine lacks libgit2.
        case missingLibrary
        /// A file of the repository is damaged.
        case invalid
        /// Any other failure.
        case failed
    }

    /// The kind of failure.
    public let kind: Kind
    /// The verb of the message.
    public let operation: String
    /// The object of the message.
    public let object: String
    /// Why it failed.
    public let reason: String
    /// What the user can do about it.
    public let hint: String?

    /// Records a failure.
    public init(_ kind: Kind, _ operation: String, _ object: String, _ reason: String, hint: String? = nil) {
        self.kind = kind
        self.operation = operation
        self.object = object
        self.reason = reason
        self.hint = hint
    }

    /// Wraps the failure of a system call.
    public init(_ error: SystemError) {
        self.init(.failed, error.operation, error.object, error.reason)
    }

    /// Records that libgit2 is not to be had.
    init(_ error: MissingLibrary) {
        self.init(.missingLibrary, "load", error.library.rawValue, error.reason, hint: error.hint)
    }

    /// A file of rules that brings the repository above the number of rules that are taken.
    static func tooManyRules(_ folder: RelativePath, _ name: RelativePath) -> GitError {
        GitError(
            .tooLarge, "read", folder.appending(name).description,
            "the files of this kind have more than \(InputLimit.rules) rules")
    }

    /// `cannot OPERATION OBJECT: REASON`.
    public var description: String { "cannot \(operation) \(object): \(reason)" }
}
