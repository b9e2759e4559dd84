import Testing

@testable import OSTemplate

@Suite struct SizeTextTests {
    @Test(
        arguments: [
            ("0", 0), ("4GiB", 4 << 30), ("512MiB", 512 << 20), ("3500M", 3500 << 20), ("513MB", 513_000_000),
            ("1 GiB", 1 << 30), ("2gib", 2 << 30), ("7KB", 7000), ("1T", 1 << 40),
        ] as [(String, Int64)])
    func sizes(_ text: String, _ bytes: Int64) {
        #expect(SizeText.bytes(text) == bytes)
    }

    @Test(
        arguments: [
            "", "GiB", "4", "-1GiB", "4 G iB", "1.5GiB", "9999999999GiB", "99999999999999999999B", "0x4GiB", "٤GiB",
        ])
    func otherTexts(_ text: String) {
        #expect(SizeText.bytes(text) == nil)
    }
}
