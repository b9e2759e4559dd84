import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Declared extras: rules 45 and 46.
@Suite struct ExtraTests {
    @Test func countsDeclaredFiles() async throws {
        let files = ["a": "1", "compose.yml": "x", "fix/one.json": "1", "fix/two.txt": "2"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY a /\n") { (project) async throws in
            let plain = try project.inputs()
            let inputs = try project.inputs { $0.inputs = ["compose.yml", "fix/*.json"] }
            #expect(inputs.key != plain.key)
            #expect(inputs.paths == ["a"])
            #expect(inputs.record.extra["files"]?.members?.map(\.name) == ["compose.yml", "fix/one.json"])
            try project.write("compose.yml", "y")
            let changed = try project.inputs { $0.inputs = ["compose.yml", "fix/*.json"] }
            let reasons = changed.record.reasons(since: inputs.record)
            #expect(reasons.map(\.name) == [.extraChanged])
            #expect(reasons[0].path == "compose.yml")
            try project.write("fix/two.txt", "3")
            #expect(try project.key { $0.inputs = ["compose.yml", "fix/*.json"] } == changed.key.hexadecimal)
            #expect(try project.inputs { $0.inputs = ["fix"] }.record.extra["files"]?.members?.count == 2)
            #expect(try project.inputs { $0.inputs = ["nothing*"] }.key == plain.key)
            let error = inputsError { _ = try project.inputs { $0.inputs = ["missing.yml"] } }
            #expect(error?.kind == .recipe)
        }
    }

    @Test func countsTheSalt() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            let inputs = try project.inputs { $0.salt = ["refresh": "2026-10"] }
            let later = try project.inputs { $0.salt = ["refresh": "2026-11"] }
            let reasons = later.record.reasons(since: inputs.record)
            #expect(reasons.map(\.description) == ["salt refresh changed: 2026-10 -> 2026-11"])
            let secret = try project.inputs { $0.salt = ["api_token": "sekretsalt1"] }
            let other = try project.inputs { $0.salt = ["api_token": "sekretsalt2"] }
            #expect(secret.key != other.key)
            for record in [secret.record, other.record] { #expect(!record.extra.text.contains("sekretsalt")) }
            let change = other.record.reasons(since: secret.record)
            #expect(change.map(\.name) == [.saltChanged])
            #expect(!change[0].description.contains("sekret") && change[0].old != change[0].new)
        }
    }
}
