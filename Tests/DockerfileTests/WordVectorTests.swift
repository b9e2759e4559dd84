import Dockerfile
import JSON
import TestSupport
import Testing

struct WordVectorTests {
    @Test func wordsAreExpandedAsBuildKitDoes() throws {
        for row in try Vectors.rows("shellword.json", "vectors") {
            let environment = row["env"]?.stringMap ?? [:]
            var expander = WordExpander()
            if let escape = row["escape"]?.string?.unicodeScalars.first { expander.escape = escape }
            expander.ignoresQuotes = row["skip_quotes"]?.bool ?? false
            expander.keepsUnset = row["skip_unset"]?.bool ?? false
            expander.keepsQuotes = row["raw_quotes"]?.bool ?? false
            let input = try #require(row["input"]?.string)
            do {
                let result = try expander.expand(input) { environment[$0].map { .set($0) } ?? .unset }
                #expect(row["error"] == nil, "\(row.text)")
                #expect(result.word == row["result"]?.string, "\(row.text)")
                #expect(result.words == row["words"]?.strings, "\(row.text)")
                #expect(result.used.sorted() == row["used"]?.strings, "\(row.text)")
                #expect(result.unset.sorted() == row["unset"]?.strings, "\(row.text)")
            } catch {
                #expect(row["error_text"]?.string == error.description, "\(row.text)")
            }
        }
    }
}
