import JSON
import Testing

@testable import OSComposer

/// A miss is explained by one line per cause.
@Suite struct SpecificationDifferenceTests {
    @Test(arguments: [
        ("{\"a\": {\"b\": \"x\"}}", "{\"a\": {\"b\": \"y\"}}", ["a.b: x → y"]),
        ("{\"p\": [\"vim\", \"curl\"]}", "{\"p\": [\"curl\", \"less\"]}", ["p: - vim", "p: + less"]),
        ("{\"p\": [\"a\", \"b\"]}", "{\"p\": [\"b\", \"a\"]}", ["p: in another order"]),
        ("{\"a\": 1}", "{\"b\": {\"c\": true}}", ["a: - 1", "b: + {\"c\":true}"]),
        ("{\"a\": 1}", "{\"a\": 1}", []),
    ])
    func everyCauseIsNamed(old: String, new: String, lines: [String]) throws {
        var before = JSONReader(Array(old.utf8))
        var after = JSONReader(Array(new.utf8))
        #expect(SpecificationDifference.lines(from: try before.value(), to: try after.value()) == lines)
    }
}
