/// An `http` or `https` URL in normal form: lower-case scheme and host, no default port, no fragment.
///
/// Its description never shows a password or a query, which may hold a signature.
public struct RequestURL: Hashable, Sendable {
    /// The two schemes that are asked for.
    public enum Scheme: String, Hashable, Sendable {
        case http, https

        /// The port that need not be written.
        public var defaultPort: Int { self == .https ? 443 : 80 }
    }

    /// The scheme.
    public var scheme: Scheme
    /// The user name, decoded; nil where there is none.
    public var user: String?
    /// The password, decoded; nil where there is none.
    public var password: String?
    /// The host in lower case; an IPv6 address stands in brackets.
    public var host: String
    /// The port, where it is not the scheme's default.
    public var port: Int?
    /// The path in its encoded form; it begins with `/`.
    public var path: String
    /// The query in its encoded form, without `?`.
    public var query: String?

    /// The port, written or not.
    public var effectivePort: Int { port ?? scheme.defaultPort }

    /// The host with the port where one is written: git's `host` of a credential.
    public var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Scheme, host and port: where a connection goes, and whose credentials count.
    public var origin: String { "\(scheme)://\(authority)" }

    /// The URL as it is asked for: no user, no password.
    public var wireForm: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// The URL without user, password and query.
    public var withoutSecrets: RequestURL {
        var copy = self
        copy.user = nil
        copy.password = nil
        copy.query = nil
        return copy
    }

    /// The URL with `suffix`, in encoded form, after its path; one `/` between them.
    public func appending(_ suffix: String) -> RequestURL {
        var copy = self
        copy.path = path.hasSuffix("/") ? path + suffix : path + "/" + suffix
        return copy
    }
}

extension RequestURL.Scheme: CustomStringConvertible {
    /// The scheme's name.
    public var description: String { rawValue }
}

extension RequestURL: CustomStringConvertible {
    /// The URL for messages: the password as `***`, a query as `?***`.
    public var description: String {
        let login = user.map { Self.encode($0) + (password == nil ? "@" : ":***@") } ?? ""
        return "\(scheme)://\(login)\(authority)\(path)" + (query == nil ? "" : "?***")
    }
}
