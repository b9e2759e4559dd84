import Foundation
import JSON
import TestSupport
import Testing

/// What `list` and `info` tell of entries beyond their state.
@Suite(.enabled(if: Requirements.tools("git", "tar")))
struct ListTests {
    private func withProject(_ body: (Sandbox, ImportedProject) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try sandbox.write(".gitignore", "home\n/*.tar\nsrv.git\n/*.json\n")
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "srv.git"]).check()
            try await project.archive()
            try await body(sandbox, project)
        }
    }

    private func entry(_ sandbox: Sandbox, _ words: String...) async throws -> JSONValue {
        let result = try await sandbox.run("cache-image", ["list", "--json"] + words).check()
        return try JSONValue(parsing: result.outputBytes).array?.first ?? .null
    }

    @Test func theWayOfAnEntryToTheServerIsTold() async throws {
        try await withProject { sandbox, project in
            #expect(try await entry(sandbox)["lfs"]?["pushed"] == .null)
            try await project.import()
            var found = try await entry(sandbox)
            #expect(found["lfs"] == ["worktree": "archive", "local": true, "pushed": "no"])
            #expect(found["branches"] == [])
            try await sandbox.run("git", ["add", "-A"]).check()
            try await sandbox.run("git", ["commit", "-qm", "Entry"]).check()
            try await sandbox.run("git", ["branch", "other"]).check()
            found = try await entry(sandbox)
            #expect(found["branches"] == ["main", "other"])
            #expect(found["made"] == "2026-01-02T03:04:05Z")
            try await sandbox.run("cache-image", ["push"]).check()
            #expect(try await entry(sandbox)["lfs"]?["pushed"] == "yes")
            try await sandbox.run("rm", [".git/cache-image/transfers"]).check()
            #expect(try await entry(sandbox)["lfs"]?["pushed"] == "unconfirmed")
            let line = try await sandbox.run("cache-image", ["list"]).check().lines[1]
            #expect(line.contains("local, pushed?") && line.contains("main other"), "\(line)")
            try await sandbox.run("rm", ["-r", ".git/lfs/objects"]).check()
            #expect(try await entry(sandbox)["lfs"]?["local"] == false)
        }
    }

    /// The journal tells when an image was used, and the builds that were not needed.
    @Test func useAndSavedTimeComeFromTheJournal() async throws {
        try await withProject { sandbox, project in
            try await project.import()
            let lines = [
                #"{"time":"2026-01-01T00:00:00Z","image":"demo:latest","what":"built","key":null,"seconds":100.0}"#,
                #"{"time":"2026-01-02T00:00:00Z","image":"demo:latest","what":"hit","key":null,"seconds":0.5}"#,
                "not a line",
                #"{"time":"2026-01-03T00:00:00Z","image":"demo:latest","what":"loaded","key":null,"seconds":20}"#,
                #"{"time":"2026-01-04T00:00:00Z","image":"demo:latest","what":"failed","key":null,"seconds":1}"#,
                #"{"time":"2026-01-05T00:00:00Z","image":"other:latest","what":"hit","key":null,"seconds":1}"#,
            ]
            try sandbox.write(".git/cache-image/journal", lines.joined(separator: "\n") + "\n")
            let found = try await entry(sandbox)
            #expect(found["lastUse"] == "2026-01-03T00:00:00Z")
            #expect(found["savedBuilds"]?.integer == 2)
            #expect(found["savedSeconds"] == .number(179.5))
            let info = try await sandbox.run("cache-image", ["info", "demo"]).check()
            #expect(info.output.contains("saved     3 min 0 s in 2 builds"), "\(info)")
        }
    }

    @Test func theLayersOfAnImageAreTold() async throws {
        try await withProject { sandbox, project in
            try sandbox.write(
                "cache-image.yml", "images: {demo: {platform: linux/amd64}, twin: {platform: linux/amd64}}\n")
            try await project.import()
            try await sandbox.run("cache-image", ["import", "image.tar", "twin"]).check()
            let info = try await sandbox.run("cache-image", ["info", "demo", "--json"]).check()
            let layers = try JSONValue(parsing: info.outputBytes)["layers"]?.array
            #expect(layers?.count == 1)
            #expect(layers?.first?["files"]?.integer == 1)
            #expect(layers?.first?["sharedWith"] == ["twin:latest"])
            #expect(layers?.first?["size"]?.integer == 10240)
            let text = try await sandbox.run("cache-image", ["info", "demo"]).check().output
            #expect(text.contains("10 kB, 1 file, also in twin:latest"), "\(text)")
            // Without an operand it is about all images.
            let all = try await sandbox.run("cache-image", ["info", "--json"]).check()
            #expect(try JSONValue(parsing: all.outputBytes).array?.count == 2)
            // An image that only flags declare.
            #expect(
                try await sandbox.run("cache-image", ["info", "--name", "new", "--dockerfile", "Dockerfile"]).check()
                    .output.contains("state     missing"))
        }
    }
}
