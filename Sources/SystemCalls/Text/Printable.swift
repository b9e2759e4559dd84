/// Untrusted text made safe to show on a terminal or in a log: all that comes from outside goes through here.
public enum Printable {
    /// The text with control characters, and those that turn the direction of writing, as `\xHH` or `\u{HHHH}`; tabs stay.
    public static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isKeptByte {
                result.unicodeScalars.append("\u{FFFD}")
            } else if isHarmless(scalar) {
                result.unicodeScalars.append(scalar)
            } else if scalar == "\n" {
                result += "\\n"
            } else {
                let digits = String(scalar.value, radix: 16)
                result += scalar.value < 0x80 ? "\\x" + (digits.count == 1 ? "0" : "") + digits : "\\u{\(digits)}"
            }
        }
        return result
    }

    /// Text of several lines, each of them escaped.
    public static func escapedLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(
            separator: "\n")
    }

    /// The text of a JSON document: what would be escaped elsewhere is `\uHHHH`, which is the same text to a reader.
    public static func escapedJSON(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isKeptByte {
                result.unicodeScalars.append("\u{FFFD}")
            } else if scalar == "\n" || isHarmless(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result
    }

    /// Whether a character neither moves the cursor nor turns the direction of writing.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: true
        case 0..<0x20, 0x7F..<0xA0: false
        case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF: false
        default: true
        }
    }
}
