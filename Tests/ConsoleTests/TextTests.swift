import Console
import SystemCalls
import TestSupport
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (99_960_000, "100 MB"),
        (999_600_000, "1.0 GB"), (12_000_000_000, "12 GB"),
    ])
    func sizesAreShort(count: Int64, text: String) {
        #expect(Quantity.bytes(Size(count)) == text)
    }

    @Test(arguments: [
        (0.008, "8 ms"), (2.14, "2.1 s"), (44.6, "45 s"), (59.7, "1 min 0 s"), (63, "1 min 3 s"), (7500, "2 h 5 min"),
    ])
    func timesAreShort(seconds: Double, text: String) {
        #expect(Quantity.duration(.seconds(seconds)) == text)
    }

    @Test func decimalsAreFixed() {
        #expect(Quantity.decimals(0.005, 2) == "0.01")
        #expect(Quantity.decimals(12.3, 2) == "12.30")
        #expect(Quantity.decimals(-0.001, 2) == "0.00")
        #expect(Quantity.decimals(-1.5, 1) == "-1.5")
    }

    @Test func widthCountsCells() {
        #expect(Printable.width("abc") == 3)
        #expect(Printable.width("日本") == 4)
        #expect(Printable.width("e\u{301}") == 1)
        #expect(Printable.truncated("日本語", to: 5) == "日本…")
        #expect(Printable.truncated("abc", to: 3) == "abc")
        #expect(Printable.truncated("abcd", to: 3) == "ab…")
    }

    @Test func tablesAlign() async throws {
        let result = try await captured(try DisplayOptions(environment: [:])) { terminal in
            var table = Table("IMAGE", .init("SIZE", isRightAligned: true), "STATE")
            table.append("日本:x", "1 B", "\("fresh", .green)")
            table.append("a", "100 MB", "stale")
            terminal.table(table)
        }
        #expect(result.output == "IMAGE     SIZE  STATE\n日本:x     1 B  fresh\na       100 MB  stale\n")
    }
}
