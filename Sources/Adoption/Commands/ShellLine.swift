/// One command of a shell script, split into words; variables that the script sets to plain texts are put in.
struct ShellLine: Hashable, Sendable {
    /// A word, and whether all of it is known: no variable, command or pattern is left in it.
    struct Word: Hashable, Sendable {
        var text: String
        var isKnown = true
    }

    var words: [Word]
    /// The line it begins on, from 1.
    let number: Int

    /// The words as texts.
    var texts: [String] { words.map(\.text) }
}

/// Splits text of a shell into commands, as far as can be told without running it.
struct ShellReader {
    /// The variables that are known.
    private(set) var variables: [String: String]
    private(set) var lines: [ShellLine] = []

    private var words: [ShellLine.Word] = []
    private var word: ShellLine.Word?
    private var number = 1

    /// Words that stand before a command.
    private static let leading: Set<String> = [
        "if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "sudo", "command", "env",
        "nohup",
    ]

    /// Commands that are looked at in one script.
    private static let limit = 5_000

    /// Reads a text whose variables `variables` are known.
    init(_ text: String, variables: [String: String] = [:]) {
        self.variables = variables
        for (index, line) in Self.joined(text) {
            number = index
            read(Array(line))
            if lines.count > Self.limit { break }
        }
    }

    /// Lines with those joined that end in a backslash, numbered from 1.
    private static func joined(_ text: String) -> [(number: Int, text: String)] {
        var result: [(Int, String)] = []
        var open: (number: Int, text: String)?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            let start = open ?? (index + 1, "")
            if line.hasSuffix("\\") {
                open = (start.0, start.1 + line.dropLast() + " ")
            } else {
                result.append((start.0, start.1 + line))
                open = nil
            }
        }
        if let open { result.append((open.number, open.text)) }
        return result
    }

    private mutating func read(_ line: [Character]) {
        var index = 0
        var quote: Character?
        while index < line.count {
            let character = line[index]
            index += 1
            if character == "\\", quote != "'", index < line.count {
                add(line[index])
                index += 1
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else if open == "\"", character == "$" || character == "`" {
                    index = takeExpansion(line, index - 1)
                } else {
                    add(character)
                }
            } else {
                switch character {
                case "'", "\"":
                    quote = character
                    word = word ?? .init(text: "")
                case "$", "`": index = takeExpansion(line, index - 1)
                case " ", "\t": endWord()
                case "#" where word == nil: index = line.count
                case ";", "&", "|", "(", ")": endCommand()
                case "<", ">":
                    // What is redirected is no argument.
                    word = nil
                    words.append(.init(text: ">", isKnown: false))
                case "*", "?", "[":
                    add(character)
                    word?.isKnown = false
                default: add(character)
                }
            }
        }
        endCommand()
    }

    private mutating func add(_ character: Character) {
        word = word ?? .init(text: "")
        word?.text.append(character)
    }

    /// Takes `$NAME`, `${NAME}`, `${NAME:-default}`, `$(…)` or what stands in backquotes; the index behind it.
    private mutating func takeExpansion(_ line: [Character], _ start: Int) -> Int {
        word = word ?? .init(text: "")
        let (value, end) = ShellExpansion.value(line, start, variables)
        if let value {
            word?.text += value
        } else {
            word?.text += String(line[start..<end])
            word?.isKnown = false
        }
        return end
    }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }

    private mutating func endCommand() {
        endWord()
        defer { words = [] }
        if let redirection = words.firstIndex(where: { $0.text == ">" && !$0.isKnown }) {
            words.removeSubrange(redirection...)
        }
        var rest = words[...]
        let isSetting = words.allSatisfy { Self.assignment($0) != nil || Self.declaring.contains($0.text) }
        while let first = rest.first {
            if let (name, value) = Self.assignment(first) {
                // In front of a command it is that command's alone.
                if isSetting { variables[name] = first.isKnown ? value : nil }
            } else if !Self.leading.contains(first.text), !Self.declaring.contains(first.text) {
                break
            }
            rest = rest.dropFirst()
        }
        if !rest.isEmpty { lines.append(ShellLine(words: Array(rest), number: number)) }
    }

    private static let declaring: Set<String> = ["export", "local", "readonly", "declare"]

    /// The variable that a word sets, and to what; nil where it sets none.
    private static func assignment(_ word: ShellLine.Word) -> (name: String, value: String)? {
        guard let sign = word.text.firstIndex(of: "="), ShellExpansion.isName(word.text[..<sign]) else { return nil }
        return (String(word.text[..<sign]), String(word.text[word.text.index(after: sign)...]))
    }
}
