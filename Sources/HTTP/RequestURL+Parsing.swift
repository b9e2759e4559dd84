import SystemCalls

extension RequestURL {
    /// Reads an absolute URL (RFC 3986); strict: no white space, no control character, no empty host.
    public init(_ text: String) throws(HTTPError) {
        guard let schemeEnd = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let scheme = Scheme(rawValue: text[..<schemeEnd].lowercased()),
            text[schemeEnd...].hasPrefix("://")
        else { throw Self.invalid(text, "it does not begin with http:// or https://") }
        if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) {
            throw Self.invalid(text, "it holds white space, a backslash or a control character")
        }
        let bytes = Array(text.utf8)[(text.utf8.distance(from: text.utf8.startIndex, to: schemeEnd) + 3)...]
        let withoutFragment = bytes.prefix { $0 != UInt8(ascii: "#") }
        let authority = withoutFragment.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let rest = withoutFragment.dropFirst(authority.count)
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        let query = rest.dropFirst(path.count).dropFirst()

        self.scheme = scheme
        var hostPart = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            let login = authority[..<at].split(
                separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            user = Self.decode(login[0])
            password = login.count > 1 ? Self.decode(login[1]) : nil
            hostPart = authority[(at + 1)...]
            if user == nil || (login.count > 1 && password == nil) {
                throw Self.invalid(text, "its user or password is not encoded correctly")
            }
        }
        (host, port) = try Self.hostAndPort(hostPart, of: text)
        if port == scheme.defaultPort { port = nil }
        self.path = path.isEmpty ? "/" : Self.escapeNonASCII(path)
        self.query = rest.count > path.count ? Self.escapeNonASCII(query) : nil
    }

    private static func hostAndPort(_ bytes: ArraySlice<UInt8>, of text: String) throws(HTTPError) -> (String, Int?) {
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else {
                throw invalid(text, "its host has no closing bracket")
            }
            end = bracket + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        let host = bytes[..<end]
        let allowed = host.first == UInt8(ascii: "[") ? "0123456789abcdefABCDEF:.[]" : hostCharacters
        if host.isEmpty || !host.allSatisfy({ allowed.utf8.contains($0) }) {
            throw invalid(text, host.isEmpty ? "it names no host" : "its host holds a character that no host has")
        }
        var port: Int?
        let rest = bytes[end...]
        if rest.count > 1 {
            let digits = rest.dropFirst()
            guard rest.first == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(String(decoding: digits, as: UTF8.self)), (1...65535).contains(number)
            else { throw invalid(text, "its port is no number from 1 to 65535") }
            port = number
        } else if !rest.isEmpty, rest.first != UInt8(ascii: ":") {
            throw invalid(text, "its host is malformed")
        }
        return (String(decoding: host, as: UTF8.self).lowercased(), port)
    }

    private static let hostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

    /// The error for a text that is no URL; its login part, which may be a secret, is left out.
    private static func invalid(_ text: String, _ reason: String) -> HTTPError {
        var shown = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0]
        if let at = shown.lastIndex(of: "@") { shown = shown[shown.index(after: at)...] }
        return HTTPError(.invalidURL, "use the URL \(shown)", reason)
    }

    /// Decodes `%HH`; nil where an escape is incomplete, or the result is not UTF-8.
    public static func decode(_ text: some Collection<UInt8>) -> String? {
        var result: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                result.append(byte)
            } else if rest.count >= 2, let value = [UInt8](hexadecimal: rest.prefix(2)) {
                result += value
                rest = rest.dropFirst(2)
            } else {
                return nil
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    /// Encodes all but RFC 3986's unreserved characters as `%HH`.
    public static func encode(_ text: String, keeping extra: String = "") -> String {
        var result = ""
        for byte in text.utf8 {
            let isUnreserved =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~".utf8.contains(byte) || extra.utf8.contains(byte)
                }
            result += isUnreserved ? String(decoding: [byte], as: UTF8.self) : "%" + [byte].hexadecimal(uppercase: true)
        }
        return result
    }

    static func escapeNonASCII(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if byte < 0x80 { result.append(byte) } else { result += ("%" + [byte].hexadecimal(uppercase: true)).utf8 }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
