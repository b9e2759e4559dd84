/// Words of a POSIX shell.
public enum ShellWord {
    /// A text as one word for a shell: as it is where nothing in it means something to a shell, else in quotes.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - plain: Characters that stay unquoted although a shell acts on them.
    public static func quoted(_ text: String, leaving plain: String = "") -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-+,:@%".utf8.contains(byte) || plain.utf8.contains(byte)
            }
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// The first word of a shell command, its quotes and backslashes taken away; empty where there is none.
    public static func first(of command: String) -> String {
        var word = ""
        var quote: Character?
        var isEscaped = false
        for character in command.drop(while: \.isWhitespace) {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character.isWhitespace {
                break
            } else {
                word.append(character)
            }
        }
        return word
    }
}
