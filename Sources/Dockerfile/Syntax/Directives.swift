import Patterns

/// The parser directives in the first lines of a Dockerfile.
struct Directives {
    /// One `# name=value` line.
    struct Directive {
        let name: String
        let value: String
        let line: Int
    }

    private let comment: [UInt8]
    private var isDone = false
    private var seen: Set<String> = []
    private var line: Int

    init(comment: String = "#", line: Int = 0) {
        self.comment = Array(comment.utf8)
        self.line = line
    }

    /// Reads the next line; the first one that is no directive ends them.
    mutating func read(_ text: some Collection<UInt8>) throws(DockerfileError) -> Directive? {
        line += 1
        if isDone { return nil }
        isDone = true
        guard text.starts(with: comment) else { return nil }
        let content = GoText.trimSpace(LosslessText.text(of: text.dropFirst(comment.count)))
        guard let equals = content.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = GoText.lowercased(GoText.trimSpace(content[..<equals]))
        let value = GoText.trimSpace(content[content.utf8.index(after: equals)...])
        guard ["syntax", "escape", "check"].contains(name), !value.isEmpty else { return nil }
        isDone = false
        if !seen.insert(name).inserted {
            throw DockerfileError("only one \(name) parser directive can be used", line: line)
        }
        return Directive(name: name, value: value, line: line)
    }

    /// The frontend that a text asks for: after a `#!` line, in `#` or `//` comments, or as JSON.
    static func frontend(of text: [UInt8]) -> DockerfileSyntax.Frontend? {
        var rest = text[...]
        var line = 0
        if rest.starts(with: GoText.byteOrderMark) { rest = rest.dropFirst(3) }
        if rest.starts(with: "#!".utf8) {
            line = 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            rest = end.map { rest[($0 + 1)...] } ?? []
        }
        for comment in ["#", "//"] {
            var directives = Directives(comment: comment, line: line)
            var lines = rest
            while !directives.isDone, !lines.isEmpty {
                let end = lines.firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex
                guard let directive = try? directives.read(lines[..<end]) else { break }
                if directive.name == "syntax" {
                    return DockerfileSyntax.Frontend(commandLine: directive.value, line: directive.line)
                }
                lines = lines[end...].dropFirst()
            }
        }
        guard rest.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{"), rest.count < 1 << 20,
            case .object(let members) = JSONScanner.value(of: Array(rest)), case .string(let syntax) = members["syntax"]
        else { return nil }
        return DockerfileSyntax.Frontend(commandLine: syntax, line: line, isJSON: true)
    }
}
