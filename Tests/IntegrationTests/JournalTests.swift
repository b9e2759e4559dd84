import Foundation
import JSON
import TestSupport
import Testing

/// Commands that act note what they did; those that only look do not.
@Suite(.enabled(if: Requirements.tools("podman", "git"))) struct JournalTests {
    private func journal(_ project: Project) throws -> [JSONValue] {
        let path = project.path(".git/cache-image/journal").string
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
    }

    @Test(.tags(.engine)) func eachOutcomeIsALine() async throws {
        try await Project.with { project in
            // A test of `storage.journal`, too: nothing is noted where it says no.
            let configuration = Project.configuration
            try project.write("cache-image.yml", configuration + "storage: {journal: false}\n")
            try await project.cacheImage("status").check()
            try await project.cacheImage("update").check()
            #expect(try journal(project).isEmpty)
            try project.write("cache-image.yml", configuration)
            try await project.git("config", "core.sharedRepository", "0664")

            try await project.cacheImage("update").check()
            try project.write("src/main.txt", "changed\n")
            try await project.runTests("unit").check()
            let looks = [["status"], ["list"], ["info", "demo"], ["explain"], ["update", "--check"], ["verify"]]
            for words in looks {
                try await project.sandbox.run("cache-image", words, in: project.folder).check()
            }
            try project.write("Dockerfile", Project.dockerfile + "RUN exit 3\n")
            _ = try await project.cacheImage("build").check(13)
            let lines = try journal(project)
            #expect(lines.map { $0["what"]?.string } == ["hit", "built", "failed"])
            #expect(lines.allSatisfy { $0["image"] == "demo:latest" })
            #expect(lines[1]["reasons"]?.array?.first?.string?.contains("src/main.txt") == true)
            #expect(lines[2]["status"] == 13)
            #expect(lines[0]["reasons"] == nil)
            let path = project.path(".git/cache-image/journal").string
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o664)
        }
    }
}
