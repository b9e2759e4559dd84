import SystemCalls
import SystemPackage

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

    /// A path as a word for the reader's shell, in a message: what is no text, or would not show, is printed by a command in it.
    public static func shown(_ path: some Sequence<UInt8>) -> String {
        let bytes = Array(path)
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        {
            return quoted(text)
        }
        var text = ""
        // A shell drops line ends of what a command prints.
        let lineEnds = bytes.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
        for byte in bytes.dropLast(lineEnds) {
            switch byte {
            case UInt8(ascii: "'"): text += #"'\''"#
            case UInt8(ascii: "\\"): text += #"\\"#
            case UInt8(ascii: "%"): text += "%%"
            case UInt8(ascii: "\n"): text += #"\n"#
            case 0x20..<0x7F: text += String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        let end = lineEnds > 0 ? "$'" + String(repeating: "\\n", count: lineEnds) + "'" : ""
        return "\"$(printf -- '\(text)')\"" + end
    }

    /// The same of a path of this machine.
    public static func shown(_ path: FilePath) -> String { shown(path.bytes) }

    /// The same of a path below a folder.
    public static func shown(_ path: RelativePath) -> String { shown(path.bytes) }

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
