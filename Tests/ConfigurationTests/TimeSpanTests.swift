import Testing

@testable import Configuration

@Suite struct TimeSpanTests {
    @Test(
        arguments: [
            ("5", 5), ("90s", 90), ("10m", 600), ("1h", 3600), ("1h30m", 5400), ("1h1m1s", 3661), ("604800", 604_800),
            ("0", nil), ("0s", nil), ("", nil), ("604801", nil), ("1.5", nil), ("m", nil), ("10x", nil), ("5m1h", nil),
            ("1m1m", nil), ("1h30", nil), ("-5", nil), ("99999999999999999999", nil), ("9999999h", nil), ("١٠", nil),
        ] as [(String, Int?)])
    func aTextIsANumberOfSeconds(text: String, seconds: Int?) {
        #expect(TimeSpan.seconds(text) == seconds)
        if let seconds { #expect(TimeSpan.seconds(TimeSpan.text(seconds)) == seconds) }
    }

    @Test func aLevelHasATimeout() async throws {
        let levels = try await load(
            "images: {app: }\ntests: {levels: {a: {command: b, timeout: 10m}, c: {command: d, timeout: 2h 1m}}}"
        ).levels
        #expect(levels[0].timeout == 600 && levels[0].mistake == nil)
        #expect(levels[1].mistake?.description.contains("timeout: expected seconds or a time such as 90s") ?? false)
    }
}
