import SystemCalls
import Testing

/// What others wrote, on its way to a terminal or a log.
@Suite struct PrintableTests {
    /// Characters that move the cursor, start a code, or turn the direction of writing.
    static let harmful: [Unicode.Scalar] = [
        "\u{0}", "\u{7}", "\u{8}", "\u{B}", "\u{D}", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{90}", "\u{9B}",
        "\u{9D}",
        "\u{9F}", "\u{200E}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}",
        "\u{61C}",
        "\u{FEFF}",
    ]

    @Test(arguments: harmful) func harmfulCharactersAreEscaped(_ scalar: Unicode.Scalar) {
        let text = "a\(Character(scalar))ä"
        for shown in [Printable.escaped(text), Printable.escapedLines(text), Printable.escapedJSON(text)]
        where shown != text || scalar.value >= 0x7F {
            #expect(!shown.unicodeScalars.contains(scalar))
            #expect(shown.hasPrefix("a\\") && shown.hasSuffix("ä"))
        }
        #expect(Printable.escaped(text) != text)
    }

    @Test func linesStayLines() {
        #expect(Printable.escapedLines("a\n\tb\u{9B}\n") == "a\n\tb\\u{9b}\n")
        #expect(Printable.escaped("a\nb") == "a\\nb")
    }

    @Test func escapedDocumentsMeanTheSame() throws {
        #expect(Printable.escapedJSON("{\"ä\": \"\u{202E}\u{9B}\u{FEFF}😀\"}") == "{\"ä\": \"\\u202e\\u009b\\ufeff😀\"}")
        #expect(Printable.escapedJSON("{\n \"a\": 1\n}") == "{\n \"a\": 1\n}")
    }

    @Test(arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\u{9B}31mred", "ared"), ("x\u{1B}]0;title\u{7}y", "xy"),
        ("x\u{9D}52;c;AAAA\u{7}y", "xy"), ("a\u{202E}b\u{2066}c", "abc"), ("ä€😀", "ä€😀"), ("a\r\nb\tc", "a\r\nb\tc"),
        ("\u{7}\u{8}a", "a"),
    ]) func codesAreLeftOutOfStreams(_ text: String, _ wanted: String) {
        var whole = EscapeFilter()
        #expect(String(decoding: whole.filtered(text.utf8), as: UTF8.self) == wanted)
        // A code or character may be cut anywhere.
        var parts = EscapeFilter()
        #expect(String(decoding: text.utf8.flatMap { parts.filtered([$0]) }, as: UTF8.self) == wanted)
    }

    @Test func bytesThatAreNoTextAreReplaced() {
        var filter = EscapeFilter()
        let bytes: [UInt8] = [0x61, 0x9B, 0x33, 0xC3, 0x62, 0xFF, 0xE2, 0x80, 0x63]
        #expect(String(decoding: filter.filtered(bytes), as: UTF8.self) == "a\u{FFFD}3\u{FFFD}b\u{FFFD}\u{FFFD}c")
        #expect(EscapeFilter.plain("a\u{1B}[1mb\n") == "ab\\n")
    }
}
