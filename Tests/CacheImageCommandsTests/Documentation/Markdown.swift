/// Text of the pages: lines of at most 100 columns.
enum Markdown {
    static let width = 100

    /// A paragraph.
    static func paragraph(_ text: String) -> [String] { wrapped(text, first: "", rest: "") }

    /// An element of a list.
    static func item(_ text: String) -> [String] { wrapped(text, first: "- ", rest: "  ") }

    /// Words in lines; what stands between backquotes is not parted.
    private static func wrapped(_ text: String, first: String, rest: String) -> [String] {
        var words: [String] = []
        var isCode = false
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if isCode { words[words.count - 1] += " " + word } else { words.append(String(word)) }
            if word.count(where: { $0 == "`" }) % 2 == 1 { isCode.toggle() }
        }
        var lines: [String] = []
        var line = first
        for word in words {
            let isFirst = line == first || line == rest
            if !isFirst, line.count + 1 + word.count > width {
                lines.append(line)
                line = rest + word
            } else {
                line += (isFirst ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
