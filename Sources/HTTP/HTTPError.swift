import SystemCalls

/// A request that got no complete answer, or could not be made.
///
/// An answer with a status of 400 or above is no such error: it is a `Response`.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class of the failure.
    public enum Kind: String, Hashable, Sendable {
        /// The host's name, or the proxy's, is unknown.
        case resolve
        /// No connection could be had.
        case connect
        /// The secure connection could not be set up: certificates, keys, protocol.
        case tls
        /// Nothing came or went for too long.
        case timeout
        /// The connection ended before the answer did.
        case closed
        /// The other side does not speak HTTP as agreed.
        case protocolViolation
        /// A redirect that is not followed: too many, no target, or from https to http.
        case redirect
        /// The text is no URL that this module can ask for.
        case invalidURL
        /// A header with a line break or a NUL.
        case invalidHeader
        /// An answer above the size that the caller allows.
        case tooLarge
        /// An answer that comes on and on, too slowly; asking again would cost as much again.
        case tooSlow
        /// libcurl is missing, or refused an option.
        case unavailable
    }

    /// The class of the failure.
    public let kind: Kind
    /// What was tried, such as `reach https://host`.
    public let action: String
    /// Why it failed, in lower case.
    public let reason: String

    /// What the user can do about it.
    public let hint: String?

    /// Records a failure.
    public init(_ kind: Kind, _ action: String, _ reason: String, hint: String? = nil) {
        self.kind = kind
        self.action = action
        self.reason = reason
        self.hint = hint
    }

    /// Records that libcurl is not to be had.
    init(_ error: MissingLibrary) {
        self.init(.unavailable, "load \(error.library.rawValue)", error.reason, hint: error.hint)
    }

    /// `cannot VERB OBJECT: REASON`.
    public var description: String { "cannot \(action): \(reason)" }

    /// Whether asking again may help: the network failed, not the request.
    public var isTransient: Bool {
        switch kind {
        case .resolve, .connect, .timeout, .closed: true
        default: false
        }
    }
}
