import JSON
import Testing

/// How much a stranger's document may cost, whatever its shape.
@Suite struct JSONLimitTests {
    @Test(arguments: JSONReaderTests.good) func whatIsPassedOverIsReadToItsEnd(_ text: String) throws {
        var reader = JSONReader(Array(text.utf8))
        try reader.skip()
        try reader.end()
    }

    @Test(arguments: JSONReaderTests.bad) func whatIsPassedOverMustBeWellFormed(_ text: String) {
        #expect(throws: JSONError.self) {
            var reader = JSONReader(Array(text.utf8))
            try reader.skip()
            try reader.end()
        }
    }

    static let wide = ["[]", "{}", "1", "null", "\"\"", "[[]]", "{\"a\":{}}", "{\"a\":1,\"a\":2}"]

    @Test(arguments: wide) func wideArraysAreRefusedAndPassedOver(_ element: String) throws {
        let text = Array(("[" + String(repeating: element + ",", count: 2_000) + element + "]").utf8)
        var limits = JSONReader.Limits()
        limits.values = 2_000
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
        #expect(error?.description.contains("more than 2000 values") == true)
        var reader = JSONReader(text, limits: limits)
        try reader.skip()
        try reader.end()
    }

    @Test func theValuesOfOneReaderCountTogether() throws {
        var limits = JSONReader.Limits()
        limits.values = 10
        var reader = JSONReader(Array("[1,2] [3,4] [5,6] [7,8]".utf8), limits: limits)
        for _ in 0..<3 { _ = try reader.value() }
        #expect(throws: JSONError.self) { try reader.value() }
    }

    @Test func theBytesOfOneReaderCountTogether() throws {
        var limits = JSONReader.Limits()
        limits.bytes = 100
        let text = "[\"" + String(repeating: "x", count: 60) + "\", 1]"
        var reader = JSONReader(Array((text + text).utf8), limits: limits)
        _ = try reader.value()
        #expect(throws: JSONError.self) { try reader.value() }
    }

    @Test func depthIsBoundedWhenPassedOver() {
        for text in [String(repeating: "[", count: 1000), String(repeating: "{\"a\":", count: 1000)] {
            var reader = JSONReader(Array(text.utf8))
            let error = #expect(throws: JSONError.self) { try reader.skip() }
            #expect(error?.description.contains("nested") == true)
        }
    }

    @Test func valuesAreCounted() throws {
        #expect(try JSONValue(parsing: "{\"a\": [1, {}], \"b\": null}".utf8).valueCount == 7)
        #expect(JSONValue.array([]).valueCount == 1)
    }
}
