import Testing

@testable import Engines

@Suite struct EngineEnvironmentTests {
    @Test func whatWouldMakeAnEngineFailIsLeftOut() {
        let path = ["PATH": "/bin"]
        let cases: [(given: [String: String], runs: [String: String], isSaid: Bool)] = [
            (path, path, false),
            ([:], ["PATH": Engine.standardPath], false),
            (["PATH": ""], ["PATH": Engine.standardPath], false),
            (path.merging(["TMPDIR": "/nonexistent"]) { $1 }, path, true),
            (path.merging(["TMPDIR": "/dev/null"]) { $1 }, path, true),
            (path.merging(["TMPDIR": ""]) { $1 }, path, false),
            (path.merging(["TMPDIR": "/tmp"]) { $1 }, path.merging(["TMPDIR": "/tmp"]) { $1 }, false),
            (path.merging(["DOCKER_HOST": "", "CONTAINER_HOST": ""]) { $1 }, path, false),
        ]
        for (given, runs, isSaid) in cases {
            var notes: [String] = []
            #expect(Engine.usable(given) { notes.append($0) } == runs)
            #expect(notes.isEmpty != isSaid, "\(given)")
        }
    }
}
