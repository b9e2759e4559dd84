import SystemCalls
import Testing

/// Variables whose bytes are no text reach children as they are.
@Suite struct ProcessEnvironmentTests {
    private static let odd: [UInt8] = Array("ODD=a".utf8) + [0xFF, 0xFE]
    private let environment = ProcessEnvironment(entries: [
        Array("PLAIN=1=2".utf8), Self.odd, Array("EMPTY=".utf8), Array("no equals sign".utf8),
        Array("REPLACED=\u{FFFD}".utf8), [0x4E, 0xFF, 0x3D, 0x31],
    ])

    @Test func textIsText() {
        #expect(
            environment.variables == [
                "PLAIN": "1=2", "ODD": "a\u{FFFD}\u{FFFD}", "EMPTY": "", "REPLACED": "\u{FFFD}", "N\u{FFFD}": "1",
            ])
    }

    @Test(arguments: [
        ("ODD", "a\u{FFFD}\u{FFFD}", true), ("ODD", "other", false), ("REPLACED", "\u{FFFD}", false),
        ("PLAIN", "1=2", false), ("NONE", "", false),
    ])
    func onlyWhatIsNoTextIsAltered(name: String, value: String, isAltered: Bool) {
        #expect(environment.isAltered(name, value) == isAltered)
    }

    @Test func aChildGetsTheBytes() {
        let entries = environment.entries(of: ["ODD": "a\u{FFFD}\u{FFFD}", "PLAIN": "1=2", "NEW": "x"])
        #expect(Set(entries) == [Self.odd, Array("PLAIN=1=2".utf8), Array("NEW=x".utf8)])
        #expect(environment.entries(of: ["ODD": "b"]) == [Array("ODD=b".utf8)])
        #expect(environment.entries(of: ["N\u{FFFD}": "1"]) == [[0x4E, 0xFF, 0x3D, 0x31]])
    }

    @Test func theLastOfEqualNamesCounts() {
        let twice = ProcessEnvironment(entries: [Self.odd, Array("ODD=b".utf8)])
        #expect(twice.variables == ["ODD": "b"])
        #expect(twice.entries(of: ["ODD": "b"]) == [Array("ODD=b".utf8)])
    }
}
