import HTTP

/// The attributes of `git credential` (`git help credential`, "INPUT/OUTPUT FORMAT").
struct CredentialRequest: Hashable, Sendable {
    let scheme: String
    let host: String
    let user: String?
    let path: String?

    /// Asks for the login of a URL; the path counts only where `credential.useHttpPath` says so.
    init(_ url: RequestURL, usesPath: Bool) {
        scheme = url.scheme.rawValue
        host = url.authority
        user = url.user
        path = usesPath ? RequestURL.decode(Array(url.path.utf8.dropFirst())) : nil
    }

    /// The lines for `git credential`; a value with a line break or NUL could say something else, and is refused.
    func lines(with credential: Credential? = nil) throws(LFSError) -> [UInt8] {
        var text = ""
        let values = [
            ("protocol", scheme), ("host", host), ("path", path), ("username", credential?.user ?? user),
            ("password", credential?.password),
        ]
        for (name, value) in values {
            guard let value else { continue }
            if value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) {
                throw LFSError(
                    .authentication, "ask for the login of", "\(scheme)://\(host)",
                    "the \(name) holds a line break or a NUL")
            }
            text += "\(name)=\(value)\n"
        }
        return Array((text + "\n").utf8)
    }

    /// Reads the answer of `git credential fill`; nil where user or password is missing.
    static func credential(from output: String) -> Credential? {
        var values: [Substring: String] = [:]
        for line in output.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals]] = String(line[line.index(after: equals)...])
        }
        guard let user = values["username"], let password = values["password"] else { return nil }
        return Credential(user: user, password: password)
    }
}
