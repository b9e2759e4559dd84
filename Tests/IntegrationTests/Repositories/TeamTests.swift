import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git", "git-lfs")), .tags(.engine)) struct TeamTests {
    /// PATH without git-lfs, as most machines have it.
    static func pathWithoutLFS(_ sandbox: Sandbox) throws -> String {
        let folder = sandbox.path("bin-without-lfs")
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        for source in (sandbox.environment["PATH"] ?? "").split(separator: ":") {
            for name in (try? manager.contentsOfDirectory(atPath: String(source))) ?? [] where name != "git-lfs" {
                try? manager.createSymbolicLink(
                    atPath: folder.appending(name).string, withDestinationPath: "\(source)/\(name)")
            }
        }
        return folder.string
    }

    @Test func gitNoticesNothingStrangeWithoutGitLFS() async throws {
        try await Project.with { (project) async throws in
            let path = try Self.pathWithoutLFS(project.sandbox)
            let update = try await project.cacheImage("update", environment: ["PATH": path]).check()
            #expect(update.error.contains("filter.lfs"))
            func unclean() async throws -> String {
                try await project.sandbox.run(
                    "git", ["status", "--porcelain"], in: project.folder, environment: ["PATH": path]
                ).check().output.split(separator: "\n").filter { !$0.hasPrefix("A  ") }.joined(separator: "\n")
            }
            #expect(try await unclean() == "")
            // As if the index had been written in a later second than the files.
            try await project.sandbox.run("touch", ["-d", "2 seconds", ".git/index"], in: project.folder).check()
            #expect(try await unclean() == "")
            try await project.sandbox.run(
                "git", ["commit", "-q", "-m", "Entry"], in: project.folder, environment: ["PATH": path]
            ).check()
            #expect(try await unclean() == "")
            try await project.sandbox.run("touch", ["project/docker-cache/demo-latest.tar"]).check()
            #expect(try await unclean() == "")
            #expect(try await project.git("cat-file", "-s", "HEAD:docker-cache/demo-latest.tar").output.hasPrefix("13"))
        }
    }

    @Test func gitLFSAgreesWithWhatWasStaged() async throws {
        try await Project.with { (project) async throws in
            try await project.git("lfs", "install", "--local")
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            try await project.git("lfs", "fsck")
            let sum = try await project.sandbox.run("sha256sum", ["project/docker-cache/demo-latest.tar"]).check()
            let listed = try await project.git("lfs", "ls-files", "-l").output
            let steps = try await project.sandbox.run(
                "sha256sum", ["project/docker-cache/demo-latest.steps.tar"]
            ).check()
            #expect(
                listed == "\(steps.output.prefix(64)) * docker-cache/demo-latest.steps.tar\n"
                    + "\(sum.output.prefix(64)) * docker-cache/demo-latest.tar\n")
            #expect(try await project.gitStatus() == "")
        }
    }

    @Test func aCloneRunsTheTestsWithoutGitLFSABuildOrANetwork() async throws {
        try await Project.with { (project) async throws in
            let path = try Self.pathWithoutLFS(project.sandbox)
            try await project.sandbox.run("git", ["init", "-q", "--bare", "hub.git"]).check()
            try await project.cacheImage("update", environment: ["PATH": path]).check()
            try await project.commit("Entry")
            try await project.git("remote", "add", "origin", project.sandbox.path("hub.git").string)
            try await project.sandbox.run(
                "git", ["push", "-q", "origin", "main"], in: project.folder, environment: ["PATH": path]
            ).check()
            try await project.sandbox.run(
                "git", ["clone", "-q", "hub.git", "clone"], environment: ["PATH": path]
            ).check()
            let clone = Project(project.sandbox, folder: "clone")
            #expect(
                try await clone.cacheImage("status", environment: ["PATH": path]).check().output.hasPrefix("pointer"))
            let run = try await clone.sandbox.run(
                "unshare", ["-n", Sandbox.products.appending("run-tests").string, "unit"], in: "clone",
                environment: try clone.storeVariables("second").merging(["PATH": path]) { $1 })
            #expect(try run.check().output == "hello\none\n")
            let status = try await clone.sandbox.run(
                "git", ["status", "--porcelain"], in: "clone", environment: ["PATH": path])
            #expect(try status.check().output == "")
            #expect(try await clone.cacheImage("update", store: "second").check().output.hasPrefix("current"))
        }
    }

    @Test func aRevertedInputRestoresTheOlderEntry() async throws {
        try await Project.with { (project) async throws in
            let first = Project.words(try await project.cacheImage("update").check())
            try await project.commit("First")
            try project.write("src/main.txt", "second\n")
            try await project.cacheImage("update").check()
            try await project.commit("Second")
            try project.write("src/main.txt", "hello\n")
            let restored = Project.words(try await project.cacheImage("update").check())
            #expect(restored.prefix(4) == ["restored", "demo:latest", first[2], first[3]])
            #expect(try await project.runTests("unit").check().output == "hello\none\n")
            let history = try await project.cacheImage("history", "demo").check()
            #expect(history.lines.count == 3)
            let loaded = Project.words(try await project.cacheImage("load", "--rev", "HEAD", "demo").check())
            #expect(loaded[0] == "loaded")
            #expect(loaded[2] != first[2])
        }
    }

    @Test func twoBranchesThatChangedTheImageMergeAndUpdateResolvesThem() async throws {
        try await Project.with { (project) async throws in
            try await project.git("lfs", "install", "--local")
            try await project.cacheImage("update").check()
            try await project.commit("Base")
            try await project.git("checkout", "-q", "-b", "side")
            try project.write("requirements.txt", "side\n")
            try await project.cacheImage("update").check()
            try await project.commit("Side")
            try await project.git("checkout", "-q", "main")
            try project.write("src/main.txt", "main\n")
            try await project.cacheImage("update").check()
            try await project.commit("Main")
            let merge = try await project.sandbox.run("git", ["merge", "side"], in: project.folder)
            #expect(merge.status == 1)
            let tar = try project.sandbox.read("project/docker-cache/demo-latest.tar")
            #expect(!String(decoding: tar.prefix(4096), as: UTF8.self).contains("<<<<<<<"))
            #expect(try await project.cacheImage("status").check().output.hasPrefix("stale"))
            let update = try await project.cacheImage("update").check()
            #expect(Project.words(update)[0] == "built")
            #expect(try await project.git("diff", "--name-only", "--diff-filter=U").output == "")
            #expect(try await project.runTests("unit").check().output == "main\nside\n")
            try await project.git("commit", "-q", "-m", "Merge")
            #expect(try await project.gitStatus() == "")
        }
    }

    @Test func aMergeWhoseSideFitsIsResolvedWithoutABuild() async throws {
        try await Project.with { (project) async throws in
            try await project.git("lfs", "install", "--local")
            try await project.cacheImage("update").check()
            try await project.commit("Base")
            try await project.git("checkout", "-q", "-b", "side")
            try await project.cacheImage("build", "--no-cache").check()
            try await project.commit("Side")
            try await project.git("checkout", "-q", "main")
            try await project.cacheImage("build", "--no-cache").check()
            try await project.commit("Main")
            #expect(try await project.sandbox.run("git", ["merge", "side"], in: project.folder).status == 1)
            let update = try await project.cacheImage("update").check()
            #expect(Project.words(update)[0] != "built")
            #expect(try await project.git("diff", "--name-only", "--diff-filter=U").output == "")
            try await project.git("commit", "-q", "-m", "Merge")
            #expect(try await project.gitStatus() == "")
            try await project.cacheImage("verify").check()
        }
    }

    @Test func aDamagedObjectIsReplaced() async throws {
        try await Project.with { (project) async throws in
            try project.write("cache-image.yml", Project.configuration + "git: {worktree: pointer}\n")
            try await project.commit("Pointers")
            try await project.cacheImage("update").check()
            #expect(try await project.cacheImage("status").check().output.hasPrefix("pointer"))
            // The archive's, not that of its steps.
            let find = try await project.sandbox.run(
                "find", [".git/lfs/objects", "-type", "f", "-size", "+500k"], in: project.folder)
            let object = "project/" + (find.lines.first ?? "")
            var bytes = try project.sandbox.read(object)
            bytes[bytes.count / 2] ^= 1
            try await project.sandbox.run("chmod", ["u+w", object]).check()
            try project.sandbox.write(object, bytes: bytes)
            #expect(try await project.cacheImage("load", store: "b").status == 4)
            let update = try await project.cacheImage("update", store: "b").check()
            #expect(Project.words(update)[0] == "built")
            #expect(try await project.runTests("unit", store: "b").check().output == "hello\none\n")
        }
    }

    @Test func whatCouldNotBeStagedIsStagedByTheNextUpdate() async throws {
        try await Project.with { (project) async throws in
            try project.write(".git/index.lock", "")
            let locked = try await project.cacheImage("update").check(9)
            #expect(Project.words(locked)[0] == "built")
            #expect(locked.error.contains("cannot stage the entry of demo:latest"))
            try await project.sandbox.run("rm", ["project/.git/index.lock"]).check()
            #expect(Project.words(try await project.cacheImage("update").check())[0] == "current")
            #expect(try await project.gitStatus().contains("A  docker-cache/demo-latest.tar"))
        }
    }
}
