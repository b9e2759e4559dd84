import JSON
import Testing

@Suite struct JSONValueTests {
    @Test func membersKeepTheirOrder() {
        let value: JSONValue = ["b": 1, "a": ["x", nil, true], "c": "\"\\\n\u{1}/ü"]
        #expect(value.text == #"{"b":1,"a":["x",null,true],"c":"\"\\\n\u0001/ü"}"#)
    }

    @Test func parsingGivesTheKindsApart() throws {
        let value = try JSONValue(parsing: Array(#"{"a":[1,-2.5,true,null,"x"],"b":{}}"#.utf8))
        #expect(value == ["a": [1, .number(-2.5), true, nil, "x"], "b": [:]])
    }
}
