/// Finds heredocs in an instruction's line.
enum Heredocs {
    /// The heredocs that a line announces, their contents still empty.
    static func announced(by line: String) throws(DockerfileError) -> [Instruction.Heredoc] {
        guard line.contains("<<") else { return [] }
        var lexer = WordExpander()
        lexer.keepsQuotes = true
        lexer.keepsEscapes = true
        lexer.keepsUnset = true
        guard let words = try? lexer.expand(line, { _ in .unset }).words else { return [] }
        var heredocs: [Instruction.Heredoc] = []
        for word in words {
            if let heredoc = try heredoc(word) { heredocs.append(heredoc) }
        }
        return heredocs
    }

    /// The heredoc that a word announces: digits, `<<`, perhaps `-`, and the delimiter.
    static func heredoc(_ word: String) throws(DockerfileError) -> Instruction.Heredoc? {
        let scalars = word.unicodeScalars
        let digits = scalars.prefix { ("0"..."9").contains($0) }
        var rest = scalars[digits.endIndex...]
        guard rest.starts(with: "<<".unicodeScalars) else { return nil }
        rest = rest.dropFirst(2)
        let chomps = rest.first == "-"
        if chomps { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " || ("\t"..."\r").contains($0) && $0 != "\u{0B}" }
        if rest.isEmpty || rest.contains("<") { return nil }
        var lexer = WordExpander()
        lexer.keepsUnset = true
        let plain: [String]
        let quoted: [String]
        do throws(WordError) {
            plain = try lexer.expand(String(rest), { _ in .unset }).words
            lexer.keepsQuotes = true
            quoted = try lexer.expand(String(rest), { _ in .unset }).words
        } catch {
            throw DockerfileError(error.description)
        }
        guard plain.count == 1, quoted.count == 1 else { return nil }
        return Instruction.Heredoc(
            name: plain[0], descriptor: UInt(String(digits)) ?? 0, expands: quotes(plain[0]) == quotes(quoted[0]),
            chomps: chomps)
    }

    private static func quotes(_ text: String) -> Int {
        text.utf8.count { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    }

    /// A heredoc's content without the tabs at the start of its lines.
    static func chomped(_ content: String) -> String {
        var result = String.UnicodeScalarView()
        var isAtStart = true
        for scalar in content.unicodeScalars {
            if isAtStart, scalar == "\t" { continue }
            isAtStart = scalar == "\n"
            result.append(scalar)
        }
        return String(result)
    }
}
