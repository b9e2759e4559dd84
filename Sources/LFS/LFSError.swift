/// What keeps an LFS object, pointer, endpoint or transfer from being used.
public struct LFSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class of the failure; the command layer makes an exit code of it.
    public enum Kind: String, Hashable, Sendable {
        /// Anything that has no class of its own.
        case failed
        /// A setting, an endpoint or an argument that cannot be used.
        case configuration
        /// The text is no pointer, or one that must not be used.
        case invalidPointer
        /// The bytes are not those of the OID.
        case corrupt
        /// The object is not here, and the server does not have it, or must not be asked.
        case missing
        /// The server wants a login that there is none of, or refuses the one there is.
        case authentication
        /// A quota, budget or size limit of the server.
        case quota
        /// The server cannot be reached, or gives no sensible answer.
        case network
        /// The work was stopped by a lock of somebody else.
        case locked
        /// The file holds the markers of an unresolved merge.
        case unmerged
    }

    /// The class of the failure.
    public let kind: Kind
    /// The verb of the message.
    public let operation: String
    /// The object of the message.
    public let object: String
    /// Why it failed.
    public let reason: String
    /// What the user can do next; a command as a rule.
    public let hint: String?

    /// How to get older objects that a push needs and this clone never had.
    static let fetchAll = "cache-image lfs fetch --all brings what another remote has"

    /// Records a failure.
    public init(_ kind: Kind, _ operation: String, _ object: String, _ reason: String, hint: String? = nil) {
        self.kind = kind
        self.operation = operation
        self.object = object
        self.reason = reason
        self.hint = hint
    }

    /// `cannot OPERATION OBJECT: REASON`.
    public var description: String { "cannot \(operation) \(object): \(reason)" }
}
