import Hashing
import JSON
import SystemCalls
import TestSupport
import Testing

@testable import Records

/// Records and locks that are far wider than any that this program writes.
@Suite struct WideDocumentTests {
    static let start =
        "{\"algo\": \"\(InputsRecord.currentAlgorithm)\", \"key\": \"\(String(repeating: "0", count: 64))\""
    static let wide = "[" + String(repeating: "[],", count: 251_000) + "[]]"

    /// The members of a record that are held in memory.
    static let members = [
        "marks", "provenance", "config", "ops", "extra", "submodules",
    ]

    @Test(arguments: members) func wideMembersOfARecordAreRefusedWithTheReason(_ member: String) {
        let text = Array((Self.start + ", \"\(member)\": \(Self.wide)}").utf8)
        let error = #expect(throws: InputsError.self) { try InputsRecord.read(text, named: "r", .all) }
        #expect(error?.kind == .damagedDocument)
        #expect(error?.description.contains("more than 250000 values") == true)
    }

    @Test func unknownMembersCostNothing() throws {
        let text = Array((Self.start + ", \"later\": \(Self.wide), \"image\": \"a:b\"}").utf8)
        #expect(try InputsRecord.read(text, named: "r", .all).image == "a:b")
    }

    @Test func tooManyOperationsAreRefused() {
        let operations = "[" + String(repeating: "{},", count: InputLimit.recordOperations) + "{}]"
        let text = Array((Self.start + ", \"ops\": \(operations)}").utf8)
        let error = #expect(throws: InputsError.self) { try InputsRecord.read(text, named: "r", .all) }
        #expect(error?.description.contains("more than \(InputLimit.recordOperations) operations") == true)
    }

    @Test func filesOfARecordAreSortedAndTheLastOfAPathStays() throws {
        let lines = ["b", "a", "c", "a"].enumerated().map { number, path in
            "\"\(path)\": [\"l\", null, \"t\(number)\", null, null, null]"
        }
        let text = Array((Self.start + ", \"files\": {\(lines.joined(separator: ","))}}").utf8)
        let files = try InputsRecord.read(text, named: "r", .all).files
        #expect(files.map(\.path) == ["a", "b", "c"])
        #expect(files["a"]?.content == .link(Array("t3".utf8)))
    }

    @Test(arguments: ["{\"a\": \(wide)}", wide, "{\"a\": {\"linux/amd64\": {\"diffIDs\": \(wide)}}}"])
    func wideLocksAreRefusedWithTheReason(_ text: String) {
        let error = #expect(throws: InputsError.self) { try BaseLock.read(Array(text.utf8), named: "l") }
        #expect(error?.kind == .damagedDocument)
        #expect(error?.description.contains("more than 250000 values") == true)
    }

    @Test func recordsWithManyStepsAreComparedInTime() throws {
        func record(_ word: String) throws -> InputsRecord {
            let steps = (0..<4000).map {
                "{\"kind\": \"run\", \"argv\": [\"\(word)\(($0 * 7919) % 4000)\"], \"text\": \"x\"}"
            }
            let key = SHA256Digest(of: word.utf8).hexadecimal
            let text = Self.start.replacing(String(repeating: "0", count: 64), with: key)
            return try InputsRecord.read(
                Array((text + ", \"ops\": [\(steps.joined(separator: ","))]}").utf8), named: "r", .all)
        }
        let (old, new) = (try record("a"), try record("b"))
        let start = ContinuousClock.now
        #expect(!new.reasons(since: old).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
