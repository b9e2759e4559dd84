import Git
import HTTP

/// Git's rule for `SECTION.<url>.KEY` (`git help config`, `http.<url>.*`): the URL that says most wins.
enum URLMatch {
    /// The values of the best fitting URL in their order; those of the plain `SECTION.KEY` where none fits.
    static func values(_ section: String, _ key: String, for url: String, in configuration: GitConfiguration)
        -> [String]
    {
        best(section, key, for: url, in: configuration).values
    }

    /// The same, and whether they are those of the plain key, which names no URL.
    static func best(_ section: String, _ key: String, for url: String, in configuration: GitConfiguration)
        -> (values: [String], isGeneric: Bool)
    {
        let target = Parts(url)
        var best = Score()
        var values: [String] = []
        for entry in configuration.entries {
            guard entry.name.hasPrefix(section + "."), entry.name.hasSuffix("." + key) else { continue }
            var score = Score()
            if entry.name.utf8.count > section.utf8.count + key.utf8.count + 1 {
                let pattern = entry.name.dropFirst(section.count + 1).dropLast(key.count + 1)
                guard let target, let found = Parts(String(pattern))?.score(for: target) else { continue }
                score = found
            }
            if score < best { continue }
            if best < score { values = [] }
            best = score
            values.append(entry.value ?? "")
        }
        return (values, best == Score())
    }

    private struct Score: Comparable {
        var host = 0
        var path = 0
        var user = false
        static func < (left: Score, right: Score) -> Bool {
            (left.host, left.path, left.user ? 1 : 0) < (right.host, right.path, right.user ? 1 : 0)
        }
    }

    /// A URL in the pieces that are compared.
    private struct Parts {
        let scheme: String
        let user: String?
        let labels: [Substring]
        let port: String
        let path: String

        init?(_ text: String) {
            guard let range = text.firstRange(of: "://") else { return nil }
            scheme = text[..<range.lowerBound].lowercased()
            let rest = text[range.upperBound...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            let at = authority.lastIndex(of: "@")
            user = at.map { String(authority[..<$0].prefix { $0 != ":" }) }
            var host = at.map { authority[authority.index(after: $0)...] } ?? authority
            let colon = host.lastIndex(of: ":").flatMap { host[$0...].contains("]") ? nil : $0 }
            var port = colon.map { String(host[host.index(after: $0)...]) } ?? ""
            if let colon { host = host[..<colon] }
            if scheme == "https" && port == "443" || scheme == "http" && port == "80" { port = "" }
            self.port = port
            labels = Substring(host.lowercased()).split(separator: ".", omittingEmptySubsequences: false)
            let tail = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
            path = tail.isEmpty ? "/" : String(tail)
        }

        /// How well this pattern fits a URL; nil where it does not.
        func score(for url: Parts) -> Score? {
            guard scheme == url.scheme, port == url.port, labels.count == url.labels.count,
                zip(labels, url.labels).allSatisfy({ $0 == "*" || $0 == $1 }), user == nil || user == url.user
            else { return nil }
            let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
            guard url.path == path || url.path == folder || url.path.hasPrefix(folder + "/") else { return nil }
            let host = labels.reduce(1) { $0 + ($1 == "*" ? 1 : 2 * $1.utf8.count + 2) }
            return Score(host: host, path: folder.utf8.count + 1, user: user != nil)
        }
    }
}
