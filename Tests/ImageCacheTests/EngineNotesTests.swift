import Hashing
import SystemCalls
import TestSupport
import Testing

@testable import ImageCache

@Suite struct EngineNotesTests {
    /// A digest that stands for a word.
    private static func digest(_ word: String) -> SHA256Digest { SHA256Digest(of: word.utf8) }

    @Test func notesSurviveAndAreBounded() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("state/notes.json")
            var notes = EngineNotes(path)
            for number in 0..<(EngineNotes.capacity + 3) {
                notes.note(image: Self.digest("\(number)"), key: Self.digest("key \(number)"))
            }
            notes.note(image: Self.digest("a"), engineID: Self.digest("b"), engine: "docker")
            notes.note(engineID: Self.digest("b"), key: Self.digest("key b"))
            notes.save()
            let read = EngineNotes(path)
            #expect(read.keys(ofImage: Self.digest("0")).isEmpty)
            #expect(read.keys(ofImage: Self.digest("502")) == [Self.digest("key 502")])
            #expect(read.engineID(ofImage: Self.digest("a"), in: "docker") == Self.digest("b"))
            #expect(read.engineID(ofImage: Self.digest("a"), in: "podman") == nil)
            // An engine's own digest is no config digest.
            #expect(read.keys(ofEngineID: Self.digest("b")) == [Self.digest("key b")])
            #expect(read.keys(ofImage: Self.digest("b")).isEmpty)
        }
    }

    @Test func damagedNotesAreEmptyNotes() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("notes.json", "{\"built\": [[1], \"x\"], ")
            #expect(EngineNotes(sandbox.path("notes.json")).keys(ofImage: Self.digest("1")).isEmpty)
        }
    }
}
