import Console
import Hashing
import JSON
import OCI
import Records
import Testing

@testable import CommandSession
@testable import Configuration
@testable import ImageCache

/// What commands print about outcomes and questions.
@Suite struct DisplayTests {
    private func outcome(_ action: Outcome.Action, key: SHA256Digest?, reasons: [Reason] = []) throws -> Outcome {
        Outcome(
            image: try ImageName(name: "team/app", tag: "dev"), action: action, key: key, imageID: nil,
            duration: .milliseconds(1234), reasons: reasons, bytesSent: 7, stagingFailure: nil)
    }

    @Test func anOutcomeIsOneLineWithADashForWhatThereIsNot() throws {
        let key = SHA256Digest(of: [])
        #expect(try outcome(.current, key: key).line == "current team/app:dev e3b0c44298fc - 1.23")
        #expect(try outcome(.built, key: nil).line == "built team/app:dev - - 1.23")
    }

    @Test func theDocumentHasEveryFactOfAnOutcome() throws {
        let reasons = [Reason(.fileAdded, path: "a")]
        let document = try outcome(.built, key: nil, reasons: reasons).json
        #expect(document["image"] == "team/app:dev")
        #expect(document["action"] == "built")
        #expect(document["key"] == .null)
        #expect(document["seconds"] == .number(1.23))
        #expect(document["bytesSent"] == 7 && document["bytesRead"] == 0)
        #expect(document["reasons"]?.array?.count == 1)
    }

    @Test func aQuestionShowsWhatChanged() {
        func lines(_ values: [String], earlier: [String]?) -> [String] {
            TrustDialogue.lines(
                of: OpenQuestion(question: TrustQuestion("s", reasons: ["f:1: why"], values: values), earlier: earlier))
        }
        #expect(lines(["a: 1"], earlier: nil) == ["f:1: why", "    a: 1"])
        #expect(
            lines(["a: 1", "b: 2"], earlier: ["a: 1", "b: 1"]) == [
                "f:1: why", "  it was trusted before, and has changed:", "  - b: 1", "    a: 1", "  + b: 2",
            ])
        #expect(lines(["a: 1"], earlier: ["a: 1"]).last == "    (a value that is not shown)")
    }
}
