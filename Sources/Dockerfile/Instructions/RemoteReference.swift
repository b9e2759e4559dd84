/// A source of ADD that is fetched from elsewhere.
enum RemoteReference {
    /// A file behind a URL.
    case file
    /// A Git repository, and the commit that the reference itself pins.
    case repository(commit: String?)

    /// Recognises a source; nil for a path.
    init?(_ text: String) {
        if text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("github.com/") { return nil }
        let isWeb = text.hasPrefix("http://") || text.hasPrefix("https://")
        let fragment = text.firstIndex(of: "#").map { String(text[$0...].dropFirst()) } ?? ""
        let withoutFragment = text.prefix { $0 != "#" }
        let query = withoutFragment.firstIndex(of: "?").map { String(withoutFragment[$0...].dropFirst()) } ?? ""
        let path = withoutFragment.prefix { $0 != "?" }
        if isWeb, !path.hasSuffix(".git") {
            self = .file
            return
        }
        guard isWeb || text.hasPrefix("git://") || text.hasPrefix("ssh://") || Self.isSecureCopyForm(text) else {
            return nil
        }
        var commit = Self.commit(String(fragment.prefix { $0 != ":" }))
        for option in query.split(separator: "&") {
            for name in ["checksum=", "commit=", "ref="] where option.hasPrefix(name) {
                commit = Self.commit(String(option.dropFirst(name.count))) ?? commit
            }
        }
        self = .repository(commit: commit)
    }

    /// A full commit id; nil for anything else.
    private static func commit(_ text: String) -> String? {
        let isFull = text.utf8.count == 40 || text.utf8.count == 64
        let isHexadecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isFull && isHexadecimal ? text : nil
    }

    /// Whether a text is `user@host:path`.
    private static func isSecureCopyForm(_ text: String) -> Bool {
        guard let at = text.firstIndex(of: "@"), let colon = text[at...].firstIndex(of: ":") else { return false }
        let user = text[..<at]
        let host = text[at..<colon].dropFirst()
        func isName(_ part: Substring, _ extra: String) -> Bool {
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                        || extra.utf8.contains($0)
                }
        }
        return isName(user, "-_") && isName(host, "-.")
    }
}
