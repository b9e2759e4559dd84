/// apt's form of fields, deb822: `Types:`, `URIs:`, `Suites:`, `Components:`, sources.list(5).
enum SourceStanzas {
    static func sources(_ text: String) -> [MachineRepositories.Source] {
        stanzas(text).flatMap { sources(of: $0) }
    }

    private static func sources(of fields: [String: String]) -> [MachineRepositories.Source] {
        let words = { (name: String) in (fields[name] ?? "").split(whereSeparator: \.isWhitespace).map(String.init) }
        if !words("types").contains("deb") || ["no", "false", "0", "off"].contains(fields["enabled"]?.lowercased()) {
            return []
        }
        let components = words("components")
        if components.isEmpty || !components.allSatisfy({ PlainText.suite($0) == nil }) { return [] }
        var result: [MachineRepositories.Source] = []
        for url in words("uris") where PlainText.url(url) == nil {
            for suite in words("suites") where PlainText.suite(suite) == nil {
                var source = MachineRepositories.Source(url: url, suite: suite, components: components)
                source.architectures = words("architectures")
                source.keyring = SourceLines.keyring(fields["signed-by"])
                source.isTrusted = fields["trusted"]?.lowercased() == "yes"
                result.append(source)
            }
        }
        return result
    }

    /// The fields of each stanza, names in small letters, lines that continue a field joined by blanks.
    private static func stanzas(_ text: String) -> [[String: String]] {
        var result: [[String: String]] = [[:]]
        var last: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.first == "#" { continue }
            if line.allSatisfy(\.isWhitespace) {
                result.append([:])
                last = nil
            } else if line.first?.isWhitespace == true {
                if let last { result[result.count - 1][last, default: ""] += " " + trimmed(line) }
            } else if let colon = line.firstIndex(of: ":") {
                let name = line[..<colon].lowercased()
                result[result.count - 1][name] = trimmed(line[line.index(after: colon)...])
                last = name
            }
        }
        return result.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
