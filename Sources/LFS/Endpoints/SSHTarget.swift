/// Where an SSH remote lies: what `ssh` gets, and the path on the server.
public struct SSHTarget: Hashable, Sendable, CustomStringConvertible {
    /// `HOST` or `USER@HOST`.
    public let userAndHost: String
    /// The port; nil for the default.
    public let port: String?
    /// The repository's path on the server.
    public let path: String

    /// The form of `git lfs env`.
    public var description: String { "\(userAndHost):\(path)" }

    /// The host alone.
    public var host: String {
        userAndHost.lastIndex(of: "@").map { String(userAndHost[userAndHost.index(after: $0)...]) } ?? userAndHost
    }

    /// Takes the parts; nil where one of them could be taken for an option of `ssh`, or holds a line break.
    ///
    /// User and host reach a shell where ssh's own configuration has a `ProxyCommand` or `Match exec` with `%h` or `%r`.
    init?(userAndHost: String, port: String?, path: String) {
        let parts = userAndHost.split(separator: "@", omittingEmptySubsequences: false)
        guard !userAndHost.isEmpty, !parts.contains(where: { $0.hasPrefix("-") }), !path.hasPrefix("-"),
            !userAndHost.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || "'\"`$\\;&<>|(){}".utf8.contains($0) }),
            !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), port?.allSatisfy(\.isNumber) ?? true
        else { return nil }
        self.userAndHost = userAndHost
        self.port = port?.isEmpty == true ? nil : port
        self.path = path
    }

    /// Reads what follows `ssh://`: `[user@]host[:port]/path`; the path keeps its `/`.
    init?(authorityAndPath text: some StringProtocol) {
        let authority = text.prefix { $0 != "/" }
        let path = String(text.dropFirst(authority.count))
        let at = authority.lastIndex(of: "@")
        var host = at.map { authority[authority.index(after: $0)...] } ?? authority[...]
        var port: String?
        if let colon = host.firstIndex(of: ":") {
            port = String(host[host.index(after: colon)...])
            host = host[..<colon]
        }
        let user = at.map { authority[..<$0].prefix { $0 != ":" } } ?? ""
        guard !host.isEmpty, port?.isEmpty != true else { return nil }
        self.init(userAndHost: user.isEmpty ? String(host) : "\(user)@\(host)", port: port, path: path)
    }

    /// Reads the short form `[user@]host:path`, `[user@host:port]:path` or `user@[host:port]:path`, where `[…]` stands for itself.
    init?(short text: some StringProtocol) {
        if let open = text.firstRange(of: "@["), let close = text.firstRange(of: "]:"),
            open.upperBound < close.lowerBound
        {
            let parts = text[open.upperBound..<close.lowerBound].split(separator: ":", maxSplits: 1)
            guard let host = parts.first else { return nil }
            self.init(
                userAndHost: "\(text[..<open.lowerBound])@\(host)", port: parts.count > 1 ? String(parts[1]) : nil,
                path: String(text[close.upperBound...]))
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count < 2 { return nil }
        if parts.count == 2 {
            self.init(userAndHost: String(parts[0]), port: nil, path: String(parts[1]))
            return
        }
        let host = parts[0].hasPrefix("[") ? parts[0].dropFirst() : parts[0]
        let port = parts[1].hasSuffix("]") ? parts[1].dropLast() : parts[1]
        self.init(
            userAndHost: String(host), port: port.isEmpty ? nil : String(port), path: parts[2...].joined(separator: "/")
        )
    }
}
