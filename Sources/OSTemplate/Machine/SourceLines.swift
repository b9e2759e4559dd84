import SystemPackage

/// apt's one-line form: `deb [signed-by=… arch=…] URL SUITE COMPONENT…`, sources.list(5).
enum SourceLines {
    static func sources(_ text: String) -> [MachineRepositories.Source] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let line = line.prefix { $0 != "#" }
            var rest = line.drop(while: \.isWhitespace)
            guard rest.hasPrefix("deb"), let blank = rest.dropFirst(3).first, blank.isWhitespace else { return nil }
            rest = rest.dropFirst(3).drop(while: \.isWhitespace)
            var options: [String: String] = [:]
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                options = self.options(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            }
            let words = rest.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 3, PlainText.url(words[0]) == nil, PlainText.suite(words[1]) == nil,
                words.dropFirst(2).allSatisfy({ PlainText.suite($0) == nil })
            else { return nil }
            var source = MachineRepositories.Source(
                url: words[0], suite: words[1], components: Array(words.dropFirst(2)))
            source.architectures = (options["arch"] ?? "").split(separator: ",").map(String.init)
            source.keyring = keyring(options["signed-by"])
            source.isTrusted = options["trusted"] == "yes"
            return source
        }
    }

    private static func options(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        for word in text.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { result[parts[0].lowercased()] = parts[1] }
        }
        return result
    }

    /// The first file of `Signed-By`; fingerprints and keys that stand in the source itself are left out.
    static func keyring(_ text: String?) -> FilePath? {
        let words = (text ?? "").split { $0 == "," || $0.isWhitespace }
        return words.first { $0.hasPrefix("/") && PlainText.absolutePath(String($0)) == nil }.map {
            FilePath(String($0))
        }
    }
}
