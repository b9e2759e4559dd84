import SystemCalls
import Testing

@Suite struct RelativePathTests {
    @Test(
        arguments: [
            (Array("a/b".utf8), "a/b"), (Array("100%".utf8), "100%25"), ([0x61, 0xFF, 0x2F, 0xC3, 0xBC], "a%FF/ü"),
            ([0xC3], "%C3"), (Array("日本".utf8), "日本"),
        ] as [([UInt8], String)])
    func percentEncodingIsReversible(bytes: [UInt8], text: String) {
        #expect(RelativePath(bytes: bytes).percentEncoded == text)
        #expect(RelativePath(percentEncoded: text).bytes == bytes)
    }

    @Test func orderIsThatOfTheBytes() {
        #expect(RelativePath("a.b") < RelativePath("a/b"))
        #expect(RelativePath("B") < RelativePath("a"))
    }

    @Test func insideMeansWholeComponents() {
        #expect(RelativePath("a/b").isInside("a"))
        #expect(!RelativePath("ab").isInside("a"))
        #expect(RelativePath("a").isInside(""))
    }
}
