import Foundation
import Glibc
import JSON
import TestSupport
import Testing

/// Saves that take from the engine what the entry lacks.
@Suite(.enabled(if: Requirements.tools("podman", "git", "strace")), .tags(.engine)) struct ThinSaveTests {
    private static func bytesRead(_ result: CommandResult) throws -> Int64 {
        let document = try JSONValue(parsing: Array(result.check().output.utf8))
        return try #require(document.array?.first?["bytesRead"]?.integer)
    }

    private static func archive(_ project: Project) throws -> [UInt8] {
        try project.sandbox.read("project/docker-cache/demo-latest.tar")
    }

    @Test func anUpdateTakesOnlyNewLayersAndWritesTheSameBytes() async throws {
        try await Project.with { project in
            let first = try await Self.bytesRead(project.cacheImage("update", "--json"))
            #expect(first == Int64(try Self.archive(project).count))
            try project.write("src/main.txt", "other\n")
            let update = try await project.cacheImage("update", "--json", "-v")
            let second = try Self.bytesRead(update)
            #expect(second > 0 && second < 30_000, "\(second)")
            #expect(update.error.contains("layers of demo:latest stand in its old archive"), "\(update)")
            #expect(try await project.gitStatus().contains("docker-cache/demo-latest.tar"))
            try await project.cacheImage("verify").check()

            // From nothing, the whole image gives the same archive.
            let thin = try Self.archive(project)
            for path in ["docker-cache/demo-latest.tar", ".git/lfs/objects"] {
                try FileManager.default.removeItem(atPath: project.path(path).string)
            }
            let whole = try await Self.bytesRead(project.cacheImage("save", "--json"))
            #expect(whole == Int64(thin.count))
            #expect(try Self.archive(project) == thin)
        }
    }

    @Test func anImageThatIsTheSameIsNotTakenAtAll() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            let tar = "project/docker-cache/demo-latest.tar"
            let before = try await project.sandbox.run("stat", ["-c", "%i %y", tar]).output
            // Another key, and all steps are in the engine's cache.
            try project.write(
                "cache-image.yml", Project.configuration.replacingOccurrences(of: "type: test", with: "salt: {x: y}"))
            let update = try await project.cacheImage("update", "--json")
            #expect(try Self.bytesRead(update) == 0)
            #expect(update.output.contains("\"built\""), "\(update)")
            #expect(try await project.sandbox.run("stat", ["-c", "%i %y", tar]).output == before)
            try await project.cacheImage("verify").check()
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))

            // Its object stands for an archive that is gone, and one that is damaged is not kept.
            for (word, spoil) in [("y", "rm \(tar)"), ("z", "printf x | dd of=\(tar) bs=1 seek=9000 conv=notrunc")] {
                try await project.sandbox.run("/bin/sh", ["-c", spoil]).check()
                try project.write(
                    "cache-image.yml",
                    Project.configuration.replacingOccurrences(of: "type: test", with: "salt: {x: \(word)}"))
                let update = try await project.cacheImage("update", "--json")
                #expect(try Self.bytesRead(update) == (word == "y" ? 0 : Int64(Self.archive(project).count)), "\(word)")
                try await project.cacheImage("verify").check()
            }
        }
    }

    @Test func aPointerInTheWorkTreeMeansOneCopy() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Project.configuration + "git: {worktree: pointer}\n")
            let program = Sandbox.products.appending("cache-image").string
            let traced = try await project.sandbox.run(
                "strace", ["-f", "-y", "-o", "trace", "-e", "trace=copy_file_range", program, "update"],
                in: project.folder, environment: try project.storeVariables("a"))
            try traced.check()
            // podman copies files, too.
            let copies = try project.sandbox.text("project/trace").split(separator: "\n")
            #expect(!copies.contains { $0.contains("/docker-cache/") || $0.contains("/lfs/") })
            // The old archive is an object.
            try project.write("src/main.txt", "other\n")
            #expect(try await Self.bytesRead(project.cacheImage("update", "--json")) < 30_000)
            #expect(try Self.archive(project).count < 200)
            let objects = try await project.sandbox.run("find", ["project/.git/lfs", "-type", "f"]).check().lines
            // Two archives, and the steps of each.
            #expect(objects.count == 4, "\(objects)")
            for object in objects {
                let digest = try await project.sandbox.run("sha256sum", [object]).check().output.prefix(64)
                #expect(object.hasSuffix(digest))
            }
            try await project.cacheImage("verify").check()
            let files = try FileManager.default.contentsOfDirectory(atPath: project.path("docker-cache").string)
            #expect(files.count { $0.hasPrefix(".tmp") } == 0)
        }
    }

    @Test func aFullObjectStoreLeavesTheOldEntry() async throws {
        try await Project.with { project in
            let lfs = project.path(".git/lfs").string
            try FileManager.default.createDirectory(atPath: lfs, withIntermediateDirectories: true)
            let mounted = try await project.sandbox.run("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", lfs])
            try #require(mounted.status == 0, "this test mounts a file system: \(mounted.error)")
            defer { umount2(lfs, 2 /* MNT_DETACH */) }
            try await project.cacheImage("update").check()
            let before = try Self.archive(project)
            try project.write("src/main.txt", String(repeating: "x", count: 1 << 20))
            let failed = try await project.cacheImage("update").check(1)
            #expect(failed.error.contains("No space left on device"), "\(failed)")
            #expect(try Self.archive(project) == before)
            try await project.cacheImage("verify").check()
            for folder in [lfs + "/tmp", project.path("docker-cache").string] {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(!names.contains { $0.hasPrefix(".tmp") || folder.hasSuffix("tmp") }, "\(names)")
            }
        }
    }

    @Test func whatAKilledSaveLeftGoesAway() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            let before = try Self.archive(project)
            try project.write("src/main.txt", "other\n")
            let real = Sandbox.find("podman", in: project.sandbox.environment["PATH"] ?? "")
            try project.sandbox.write(
                "bin/podman",
                "#!/bin/sh\ncase $1 in push) : >'\(project.sandbox.root)/begun'; sleep 100 ;; esac\nexec \(real) \"$@\"\n",
                permissions: 0o755)
            let path = "\(project.sandbox.path("bin")):\(project.sandbox.environment["PATH"] ?? "")"
            let program = Sandbox.products.appending("cache-image").string
            let killed = try await project.sandbox.run(
                "/bin/sh",
                ["-c", "'\(program)' update & until [ -e ../begun ]; do sleep 0.05; done; kill -9 $!; wait $!"],
                in: project.folder,
                environment: try project.storeVariables("a").merging(["PATH": path]) { $1 })
            #expect(killed.status == 137, "\(killed)")
            #expect(try Self.archive(project) == before)
            let scratch = project.path(".git/cache-image").string
            func left() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: scratch).filter { $0.hasPrefix(".tmp") }
            }
            #expect(try !left().isEmpty)
            try await project.cacheImage("update").check()
            #expect(try left().isEmpty)
            try await project.cacheImage("verify").check()
        }
    }

    @Test func anArchiveThatWasTouchedIsReadOnce() async throws {
        try await Project.with { project in
            try await project.cacheImage("update").check()
            try await project.sandbox.run("touch", ["project/docker-cache/demo-latest.tar"]).check()
            let program = Sandbox.products.appending("cache-image").string
            let traced = try await project.sandbox.run(
                "strace", ["-f", "-o", "trace", "-e", "trace=openat,open", program, "update"],
                in: project.folder, environment: try project.storeVariables("a"))
            #expect(Project.words(try traced.check())[0] == "current")
            let trace = try project.sandbox.text("project/trace")
            let opened = trace.split(separator: "\n").filter { $0.contains("/demo-latest.tar\"") }
            #expect(opened.count == 1, "\(opened)")
        }
    }
}
