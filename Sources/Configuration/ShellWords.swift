/// Splits text into words as a POSIX shell does, without any expansion.
public enum ShellWords {
    /// The words; quotes group, a backslash takes the next character as it is.
    public static func split(_ text: String) throws(ConfigurationError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                // Between double quotes a backslash is special only before these.
                if quote == "\"", !"\"\\$`\n".contains(character) { word = (word ?? "") + "\\" }
                if character != "\n" { word = (word ?? "") + String(character) }
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
                word = word ?? ""
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" || character == "\n" || character == "\r\n" {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if quote != nil { throw ConfigurationError("cannot split \(quoted(text)) into words: a quote is not closed") }
        if isEscaped { throw ConfigurationError("cannot split \(quoted(text)) into words: it ends in a backslash") }
        if let word { words.append(word) }
        return words
    }
}
