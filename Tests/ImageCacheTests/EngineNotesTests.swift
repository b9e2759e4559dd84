import Hashing
import SystemCalls
import TestSupport
import Testing

@testable import ImageCache

@Suite struct EngineNotesTests {
    @Test func notesSurviveAndAreBounded() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("state/notes.json")
            var notes = EngineNotes(path)
            for number in 0..<(EngineNotes.capacity + 3) {
                notes.note(image: "sha256:\(number)", key: SHA256Digest(of: Array("\(number)".utf8)))
            }
            notes.note(image: "sha256:a", engineID: "sha256:b", engine: "docker")
            notes.save()
            let read = EngineNotes(path)
            #expect(read.keys(ofImage: "sha256:0").isEmpty)
            #expect(read.keys(ofImage: "sha256:502") == [SHA256Digest(of: Array("502".utf8))])
            #expect(read.engineID(ofImage: "sha256:a", in: "docker") == "sha256:b")
            #expect(read.engineID(ofImage: "sha256:a", in: "podman") == nil)
        }
    }

    @Test func damagedNotesAreEmptyNotes() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("notes.json", "{\"built\": [[1], \"x\"], ")
            #expect(EngineNotes(sandbox.path("notes.json")).keys(ofImage: "sha256:1").isEmpty)
        }
    }
}
