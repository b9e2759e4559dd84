import SystemCalls

/// An `http` or `https` URL in normal form: lower-case scheme and host, no default port, no fragment.
///
/// Its description never shows a login or a query, which may hold a token or a signature.
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

    /// A text of the server that was asked, without this URL's own login and query where it says them again.
    public func hidingSecrets(in text: String) -> String {
        let values = (query ?? "").split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).last ?? $0 }
        let secrets = [query, user, password].compactMap { $0 } + values.map(String.init)
        var text = text
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where secret.utf8.count >= 4 {
            if !text.contains(secret) { continue }
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: SecretName.mask)
        }
        return text
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
    /// The URL for messages: a login as `***`, a query as `?***`.
    public var description: String {
        let login = user.map { Self.encode($0) + (password.map { ":" + Self.encode($0) } ?? "") + "@" } ?? ""
        return ShownURL.masked("\(scheme)://\(login)\(authority)\(path)" + (query.map { "?" + $0 } ?? ""))
    }
}
