/// What keeps a registry from saying what an image is; it never holds a login or a token.
public struct RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class of the failure; the command layer makes an exit code of it.
    public enum Kind: String, Hashable, Sendable {
        /// No answer came: name, connection, certificate, time.
        case unreachable
        /// The registry failed, is asked too often, or gives no sensible answer.
        case refused
        /// The registry wants a login that there is none of, or refuses the one there is.
        case authentication
        /// The registry does not have it.
        case missing
        /// The bytes are not those of the digest.
        case corrupt
        /// The answer is longer than a manifest or config may be.
        case tooLarge
    }

    /// The class of the failure.
    public let kind: Kind
    /// What was looked up, such as `docker.io/library/python:3.10`.
    public let object: String
    /// Why it failed.
    public let reason: String
    /// What the user can do next.
    public let hint: String?

    /// Records a failure.
    public init(_ kind: Kind, _ object: String, _ reason: String, hint: String? = nil) {
        self.kind = kind
        self.object = object
        self.reason = reason
        self.hint = hint
    }

    /// `cannot look up OBJECT on its registry: REASON`.
    public var description: String { "cannot look up \(object) on its registry: \(reason)" }
}
