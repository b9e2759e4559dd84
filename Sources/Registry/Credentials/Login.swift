import FoundationEssentials
import JSON

/// A login for a registry; only the user's name is ever printed.
struct Login: Hashable, Sendable, CustomStringConvertible {
    let user: String
    let password: String
    /// A token that is exchanged for an access token (OAuth 2 refresh token), in place of a password.
    let identityToken: String?

    init(user: String, password: String, identityToken: String? = nil) {
        self.user = user
        self.password = password
        self.identityToken = identityToken
    }

    /// Reads an entry of `auths`; nil for an empty one, as stands where a helper keeps the login.
    init?(entry: JSONValue) {
        var user = entry["username"]?.string ?? ""
        var password = entry["password"]?.string ?? ""
        if let text = entry["auth"]?.string, let data = Data(base64Encoded: text) {
            let parts = data.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                user = String(decoding: parts[0], as: UTF8.self)
                password = String(decoding: parts[1].prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        let token = entry["identitytoken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if user.isEmpty && password.isEmpty && token == nil { return nil }
        self.init(user: user, password: password, identityToken: token)
    }

    /// Reads what `docker-credential-NAME get` prints.
    init?(helper json: JSONValue) {
        guard let user = json["Username"]?.string, let secret = json["Secret"]?.string else { return nil }
        if user == "<token>" {
            self.init(user: user, password: "", identityToken: secret)
        } else {
            self.init(user: user, password: secret)
        }
    }

    /// The value of the `Authorization` field for Basic authentication (RFC 7617).
    var basicValue: String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }

    var description: String { "\(user):***" }
}
