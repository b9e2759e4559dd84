import SystemCalls

/// A text split into words as a POSIX shell does, without any expansion; what a shell would have acted on is noted.
public struct ShellWords: Sendable {
    /// What a shell does with something that stands unquoted in a text.
    enum Role: Hashable, Sendable {
        /// Joins commands, redirects, expands a variable, a command or `~`.
        case syntax
        /// Matches the names of files; where none matches, it stays as it is.
        case pattern
        /// Ends a command.
        case lineBreak
        /// A first word that no program stands for: `cd`, or `NAME=value`.
        case firstWord
    }

    /// The words; quotes group, a backslash takes the next character as it is.
    public private(set) var words: [String] = []
    private var marks: [(text: String, role: Role)] = []

    private var word: String?
    private var isPlain = true
    private var isAfterLineBreak = false

    /// The words of a text that no shell reads, and in which nothing is left that only a shell would act on.
    ///
    /// Patterns and line breaks may stand in options: a shell leaves most of those as they are.
    public static func options(_ text: String) throws(ConfigurationError) -> [String] {
        let split = try ShellWords(text)
        guard let mark = split.mark([.syntax]) else { return split.words }
        throw ConfigurationError(
            "cannot split \(Printable.quoted(text)) into words: \(mark) is for a shell, and none reads this text",
            hint: "quote what is meant as it stands")
    }

    /// The first thing that only a shell would act on, as a message names it.
    func mark(_ roles: Set<Role> = [.syntax, .pattern, .lineBreak, .firstWord]) -> String? {
        guard let mark = marks.first(where: { roles.contains($0.role) }) else { return nil }
        return mark.role == .lineBreak ? mark.text : Printable.quoted(mark.text)
    }

    /// Splits a text; an open quote is an error.
    init(_ text: String) throws(ConfigurationError) {
        // Scalars, not characters: an accent after an operator does not make it another one.
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if words.count > InputLimit.words {
                throw ConfigurationError("cannot split a text into more than \(InputLimit.words) words")
            }
            switch scalar {
            case "\\":
                guard index < scalars.count else { throw Self.unfinished(text, "it ends in a backslash") }
                let taken = scalars[index]
                index += 1
                // A line break behind a backslash is nothing at all.
                if taken == "\n" { continue }
                if taken == "\r", index < scalars.count, scalars[index] == "\n" {
                    index += 1
                    continue
                }
                begin(isQuoted: true)
                word?.unicodeScalars.append(taken)
            case "'", "\"":
                begin(isQuoted: true)
                index = try quotedPart(scalars, from: index, quote: scalar, text)
            case "\r" where index < scalars.count && scalars[index] == "\n": continue
            case " ", "\t", "\n":
                finish()
                if scalar == "\n", !words.isEmpty { isAfterLineBreak = true }
            default: take(scalar, next: index < scalars.count ? scalars[index] : nil)
            }
        }
        finish()
    }

    /// Takes what stands between quotes; the index behind them.
    private mutating func quotedPart(
        _ scalars: [Unicode.Scalar], from start: Int, quote: Unicode.Scalar, _ text: String
    ) throws(ConfigurationError) -> Int {
        var index = start
        while index < scalars.count {
            var scalar = scalars[index]
            index += 1
            if scalar == quote { return index }
            // Between double quotes a backslash is special only before these.
            if scalar == "\\", quote == "\"", index < scalars.count, "\"\\$`\n".unicodeScalars.contains(scalars[index])
            {
                scalar = scalars[index]
                index += 1
                if scalar == "\n" { continue }
            }
            word?.unicodeScalars.append(scalar)
        }
        throw Self.unfinished(text, "a quote is not closed")
    }

    private static func unfinished(_ text: String, _ reason: String) -> ConfigurationError {
        ConfigurationError("cannot split \(Printable.quoted(text)) into words: \(reason)")
    }

    /// Takes a character that no quote protects.
    private mutating func take(_ scalar: Unicode.Scalar, next: Unicode.Scalar?) {
        switch scalar {
        case "&", "|", ";", "<", ">": marks.append((scalar == next ? "\(scalar)\(scalar)" : "\(scalar)", .syntax))
        case "(", ")", "$", "`": marks.append(("\(scalar)", .syntax))
        case "~" where word == nil: marks.append(("~", .syntax))
        case "*", "?", "[": marks.append(("\(scalar)", .pattern))
        case "=" where words.isEmpty && isPlain && Self.isName(word ?? ""):
            marks.append(("\(word ?? "")=", .firstWord))
        default: break
        }
        begin(isQuoted: false)
        word?.unicodeScalars.append(scalar)
    }

    private mutating func begin(isQuoted: Bool) {
        if word == nil {
            if isAfterLineBreak { marks.append(("a line break", .lineBreak)) }
            isAfterLineBreak = false
            isPlain = true
            word = ""
        }
        if isQuoted { isPlain = false }
    }

    private mutating func finish() {
        guard let finished = word else { return }
        if words.isEmpty, isPlain, finished == "cd" { marks.append(("cd", .firstWord)) }
        words.append(finished)
        word = nil
        isPlain = true
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
