import SystemCalls

extension Printable {
    /// The text, or the beginning of one that nobody would read to its end.
    static func shortened(_ text: String) -> String {
        // As many bytes hold at least as many characters.
        if text.utf8.count <= InputLimit.message { return text }
        let start = text.unicodeScalars.prefix(InputLimit.message)
        return start.endIndex == text.unicodeScalars.endIndex ? text : String(start) + "…"
    }

    /// The text on one line: line ends become `; `, or a space after punctuation that opens something.
    public static func folded(_ text: String) -> String {
        var result = ""
        for line in shortened(text).split(whereSeparator: { $0.isNewline }) {
            guard let start = line.firstIndex(where: { !$0.isWhitespace }),
                let end = line.lastIndex(where: { !$0.isWhitespace })
            else { continue }
            if let last = result.last { result += ":;,.".contains(last) ? " " : "; " }
            result += line[start...end]
        }
        return escaped(result)
    }

    /// How many cells of a terminal the text takes.
    public static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + cells($1) }
    }

    /// The text, cut to `limit` cells; `…` marks the cut.
    public static func truncated(_ text: String, to limit: Int) -> String {
        if width(text) <= limit { return text }
        if limit < 1 { return "" }
        var result = ""
        var used = 1
        for scalar in text.unicodeScalars {
            used += cells(scalar)
            if used > limit { break }
            result.unicodeScalars.append(scalar)
        }
        return result + "…"
    }

    private static func cells(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value < 0x20 ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
