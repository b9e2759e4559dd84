import FoundationEssentials

/// A user name and password; the password is never printed.
struct Credential: Hashable, Sendable, CustomStringConvertible {
    let user: String
    let password: String

    /// The value of the `Authorization` field for Basic authentication (RFC 7617).
    var basicValue: String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    var description: String { "\(user):***" }
}

/// A login and where it came from.
struct Authorization: Hashable, Sendable, CustomStringConvertible {
    let credential: Credential
    /// What `git credential` was asked for, to be told the outcome; nil for a login from elsewhere.
    let request: CredentialRequest?

    var headerValue: String { credential.basicValue }
    var description: String { "\(credential)" }
}
