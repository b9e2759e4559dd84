import SystemCalls
import SystemPackage
import Testing

/// Text that keeps bytes which are not UTF-8.
@Suite struct KeptBytesTests {
    static let samples: [[UInt8]] = [
        [], Array("plain/ä€😀".utf8), [0xFF], [0x63, 0x61, 0xE9], [0xC3], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
        [0xED, 0xA0, 0x80], [0x61, 0xC0, 0xAF, 0x62], [0x80, 0xC3, 0xA4, 0xFE], [0xF0, 0x9F, 0x98],
        Array("a\u{10FFFD}b\u{10FF80}".utf8), [0xF4, 0x8F, 0xBF, 0xBF], Array("\u{10FF7F}".utf8),
    ]

    @Test(arguments: samples) func everyByteComesBack(bytes: [UInt8]) {
        #expect(String(keeping: bytes).keptBytes == bytes)
        #expect(FilePath(keeping: String(keeping: bytes)).bytes == FilePath(bytes: bytes).bytes)
        #expect(!Printable.escaped(String(keeping: bytes)).unicodeScalars.contains { $0.isKeptByte })
        #expect(!Printable.escapedJSON(String(keeping: bytes)).unicodeScalars.contains { $0.isKeptByte })
    }

    @Test func randomBytesComeBack() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                // Those that make up long sequences more often than others.
                Bool.random(using: &generator)
                    ? UInt8.random(in: .min ... .max, using: &generator)
                    : [0xF4, 0x8F, 0xBE, 0xBF, 0xE2, 0x80, 0x41].randomElement(using: &generator) ?? 0
            }
            #expect(String(keeping: bytes).keptBytes == bytes, "\(bytes)")
            #expect(String(keeping: bytes).hasKeptBytes || String(validating: bytes, as: UTF8.self) != nil)
        }
    }

    @Test func textStaysAsItIs() {
        for text in ["", "a/b", "ä€😀\n", "\u{FFFD}", "\u{10FF7F}"] {
            #expect(String(keeping: text.utf8) == text)
            #expect(text.keptBytes == Array(text.utf8) && !text.hasKeptBytes)
        }
    }
}
