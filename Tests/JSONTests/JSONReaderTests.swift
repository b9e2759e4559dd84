import Foundation
import JSON
import TestSupport
import Testing

/// The reader of RFC 8259.
@Suite struct JSONReaderTests {
    static let good = [
        "null", " true\n", "false", "0", "-0", "17", "-9223372036854775808", "9223372036854775807", "1.5", "-0.25",
        "1e3",
        "1E+3", "2.5e-3", "123456789012345678901234567890", "1e-400", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#,
        #""\u00e4\u20AC\ud83d\ude00""#, "\"ä€😀\u{7F}\u{2028}\"", "[]", "[ ]", "[1,[2,[3]]]", "{}", "{ }",
        #"{"b":1,"a":[true,null],"":{}}"#, #"{"a":1,"a":2}"#, " \t\r\n[ 1 , 2 ] \n",
    ]

    static let bad = [
        "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", ".5", "1.", "1.e3", "1e", "1e+",
        "0x10",
        "1e400", "--1", "1 2", "[1,]", "[,1]", "[1 2]", "[", "]", "[1}", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{,}", "{a:1}", "{1:2}", "{'a':1}", "{\"a\" 1}", "\"a", "\"", "'a'", "\"a\nb\"", "\"a\tb\"", "\"\0\"",
        #""\x""#, #""\u12""#, #""\u12G4""#, #""\u+123""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800x""#,
        "null x", "{} {}", "[1]]", "// a\n1", "1 // a", "\u{FEFF}1", "1\0",
    ]

    @Test(arguments: good)
    func validTextIsReadAndWrittenAsTheSame(text: String) throws {
        let value = try JSONValue(parsing: text.utf8)
        #expect(try JSONValue(parsing: value.text.utf8) == value)
        #expect(try JSONValue(parsing: value.indentedText().utf8) == value)
        #expect(try JSONValue(parsing: value.spacedText.utf8) == value)
    }

    @Test(arguments: bad)
    func otherTextIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test(arguments: [
        [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(.enabled(if: ScriptServer.isAvailable))
    func pythonReadsTheSame() async throws {
        try await Sandbox.with { sandbox in
            let script = """
                import json, sys
                def constant(name): raise ValueError(name)
                for text in json.load(sys.stdin):
                    try:
                        value = json.loads(text, parse_constant=constant)
                        text.encode(), json.dumps(value, ensure_ascii=False).encode()
                        print(json.dumps([value]))
                    except Exception:
                        print("-")
                """
            let texts = Self.good + Self.bad
            let answer = try await sandbox.run(
                "python3", ["-c", script], input: Array(JSONValue.strings(texts).text.utf8))
            let lines = try answer.check().lines
            #expect(lines.count == texts.count)
            for (text, line) in zip(texts, lines) {
                // Python takes a number that is too large for infinite; of two members of one name it keeps the last.
                if text == "1e400" || text == #"{"a":1,"a":2}"# { continue }
                let ours = (try? JSONValue(parsing: text.utf8)).map { JSONValue.array([$0]).normalized }
                let theirs = line == "-" ? JSONValue?.none : try JSONValue(parsing: line.utf8).normalized
                #expect(ours == theirs, "\(text)")
            }
        }
    }

    @Test func membersKeepOrderAndNumberAndTheLastCounts() throws {
        let value = try JSONValue(parsing: #"{"b":1,"a":2,"b":3}"#.utf8)
        #expect(value.text == #"{"b":1,"a":2,"b":3}"#)
        #expect(value["b"] == 3)
        #expect(
            try JSONValue(parsing: #"{"b":[{"d":1,"c":2}],"a":3}"#.utf8).normalized.text
                == #"{"a":3,"b":[{"c":2,"d":1}]}"#)
    }

    @Test func wholeNumbersAndOthersAreToldApart() throws {
        let text = "[1, -1, 1.0, 1e2, 9223372036854775808, -0]"
        #expect(
            try JSONValue(parsing: text.utf8)
                == [1, -1, .number(1), .number(100), .number(9_223_372_036_854_775_808), 0])
    }

    @Test func whatIsTooMuchIsRefused() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        var limits = JSONReader.Limits()
        #expect(throws: Never.self) { try JSONValue(parsing: nested(129)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(130)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }
        limits.values = 4
        #expect(throws: Never.self) { try JSONValue(parsing: "[1,2,3]".utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,2,3,4]".utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"a":1,"b":2}"#.utf8, limits: limits) }
        limits = JSONReader.Limits()
        limits.bytes = 10
        #expect(throws: JSONError.self) { try JSONValue(parsing: #""0123456789a""#.utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: #"["0123","4567","89"]"#.utf8, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "1", count: 2000).utf8) }
    }

    @Test(arguments: [1, 2, 3, 7, 4096])
    func aStreamIsReadWhateverItsPieces(size: Int) throws {
        let text = #"{"name": "ä\ud83d\ude00€", "list": [1, -2.5e3, true, null, "x\n"], "more": {"a": {}}}"#
        var rest = Array(text.utf8)[...]
        var reader = JSONReader { buffer in
            let piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            buffer.replaceSubrange(..<piece.count, with: piece)
            return piece.count
        }
        let value = try reader.value()
        try reader.end()
        #expect(try value == JSONValue(parsing: text.utf8))
        #expect(value["name"] == "ä😀€")
    }

    @Test func anErrorSaysWhereAndASourceKeepsItsOwn() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[1, 2".utf8) }
        #expect(error?.description == "not JSON: it ends too early at byte 5")
        #expect(error?.source == nil)
        struct Broken: Error {}
        var reader = JSONReader { _ in throw Broken() }
        do throws(JSONError) {
            _ = try reader.value()
            Issue.record("nothing was thrown")
        } catch { #expect(error.source is Broken) }
    }
}
