import Foundation
import TestSupport
import Testing

/// Files that another program replaces again and again while commands read them.
///
/// Each command sees one of the versions whole, or says that it cannot.
@Suite(.enabled(if: Requirements.tools("git", "tar", "sha256sum")), .tags(.slow))
struct ReplacedFilesTests {
    /// Runs `body` while a shell puts copies of two files in a third one's place by turns, each in one step.
    private func replacing(
        _ sandbox: Sandbox, _ target: String, by first: String, _ second: String, _ body: () async throws -> Void
    ) async throws {
        let script = """
            touch replacing
            while [ -e replacing ]; do
                for file in \(first) \(second); do cp $file new && mv -f new \(target); done
            done
            """
        async let writer = sandbox.run("sh", ["-ec", script])
        while !FileManager.default.fileExists(atPath: sandbox.path("replacing").string) {
            try await Task.sleep(for: .milliseconds(5))
        }
        do { try await body() } catch {
            try? FileManager.default.removeItem(atPath: sandbox.path("replacing").string)
            throw error
        }
        try FileManager.default.removeItem(atPath: sandbox.path("replacing").string)
        try await writer.check()
    }

    @Test func anInputGivesTheKeyOfOneOfItsVersions() async throws {
        try await Sandbox.with { sandbox in
            _ = try await ImportedProject(sandbox)
            var keys: Set<String> = []
            for (name, letter) in [("one", "1"), ("two", "2")] {
                try sandbox.write(name, String(repeating: letter, count: 3 << 20))
                try sandbox.write("a", try sandbox.text(name))
                keys.insert(try await sandbox.run("cache-image", ["inputs", "--key"]).check().output)
            }
            #expect(keys.count == 2)
            try await sandbox.run("git", ["add", "a", "Dockerfile", "cache-image.yml"]).check()
            try await replacing(sandbox, "a", by: "one", "two") {
                for _ in 0..<30 {
                    let result = try await sandbox.run("cache-image", ["inputs", "--key"])
                    if result.status == 1, result.error.contains("it changes while it is read") { continue }
                    #expect(result.status == 0 && keys.contains(result.output), "\(result)")
                }
            }
            // Nothing wrong is remembered.
            try await sandbox.run("cache-image", ["inputs", "--verify"]).check()
        }
    }

    /// The archives have one size, so that only their bytes tell them apart.
    @Test func anArchiveThatIsNotTheRecordedOneIsNeverGivenOut() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            let archive = "docker-cache/demo-latest.tar"
            for (name, letter) in [("two", "2"), ("one", "1")] {
                try sandbox.write("a", String(repeating: letter, count: 3 << 20))
                try await project.archive()
                try await project.import()
                try await sandbox.run("cp", [archive, name]).check()
            }
            let image = try await exported(sandbox).check()
            try await replacing(sandbox, archive, by: "one", "two") {
                for _ in 0..<15 {
                    let verify = try await sandbox.run("cache-image", ["verify"])
                    #expect([0, 4].contains(verify.status), "\(verify)")
                    let export = try await exported(sandbox)
                    #expect([0, 4].contains(export.status), "\(export)")
                    if export.status == 0 { #expect(export.output == image.output, "\(export)") }
                }
            }
            try await sandbox.run("cp", ["two", archive]).check()
            try await sandbox.run("cache-image", ["verify"]).check(4)
            try await sandbox.run("cp", ["one", archive]).check()
            try await sandbox.run("cache-image", ["verify"]).check()
        }
    }

    /// Writes the image elsewhere; the names in that archive, which are digests.
    private func exported(_ sandbox: Sandbox) async throws -> CommandResult {
        let export = try await sandbox.run("cache-image", ["export", "demo", "out.tar"])
        if export.status != 0 { return export }
        return try await sandbox.run("sh", ["-ec", "tar tf out.tar; rm out.tar"]).check()
    }
}

/// The same with an engine that reads the archive.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine, .slow))
struct ReplacedArchiveTests {
    @Test func theEngineGetsTheRecordedImageOrNone() async throws {
        try await Project.with { project in
            let archive = project.path("docker-cache/demo-latest.tar").string
            for (name, text) in [("two", "2\n"), ("one", "1\n")] {
                try project.write("requirements.txt", text)
                try await project.cacheImage("update").check()
                try await project.sandbox.run("cp", [archive, project.sandbox.path(name).string]).check()
            }
            let image = try await project.imageID()
            let writer = """
                while [ -e replacing ]; do for file in one two; do cp $file new && mv -f new \(archive); done; done
                """
            try project.sandbox.write("replacing", "")
            async let replaced = project.sandbox.run("sh", ["-ec", writer])
            for number in 0..<6 {
                let store = "store-\(number)"
                let load = try await project.cacheImage("load", store: store)
                #expect([0, 4].contains(load.status), "\(load)")
                let held = try await project.imageID(store: store)
                #expect(load.status == 0 ? held == image : held == "", "\(load) \(held)")
            }
            try FileManager.default.removeItem(atPath: project.sandbox.path("replacing").string)
            _ = try await replaced
        }
    }
}
