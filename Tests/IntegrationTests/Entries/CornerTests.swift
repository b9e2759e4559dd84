import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// What happens in clones and places that are not like the one that the image was made in.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct CornerTests {
    @Test func aShallowCloneBuildsAndPushes() async throws {
        try await Project.with { (project) async throws in
            let sandbox = project.sandbox
            try await project.cacheImage("update").check()
            for number in 1...3 { try await project.commit("Entry \(number)") }
            try await sandbox.run("git", ["init", "-q", "--bare", "hub.git"]).check()
            try await project.git("remote", "add", "origin", sandbox.path("hub.git").string)
            try await project.git("push", "-q", "origin", "main")
            let url = "file://" + sandbox.path("hub.git").string
            try await sandbox.run("git", ["clone", "-q", "--depth", "1", url, "shallow"]).check()
            let clone = Project(sandbox, folder: "shallow")
            try clone.write("src/main.txt", "changed\n")
            #expect(Project.words(try await clone.cacheImage("update").check()).first == "built")
            try await clone.commit("Change")
            #expect(try await clone.cacheImage("history", "demo").check().lines.count == 3)
            try await clone.cacheImage("push").check()
            let main = try await sandbox.run("git", ["log", "--format=%s", "-1", "main"], in: "hub.git").check()
            #expect(main.output == "Change\n")
        }
    }

    @Test func anObjectThatIsGoneIsTakenFromTheArchiveAgain() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            let objects = project.path(".git/lfs/objects").string
            try FileManager.default.removeItem(atPath: objects)
            #expect(Project.words(try await project.cacheImage("update").check()).first == "current")
            let left = FileManager.default.enumerator(atPath: objects)?.compactMap { $0 as? String } ?? []
            #expect(left.contains { $0.count > 64 })
        }
    }

    @Test func aRemoteThatIsGoneIsSaidToBeGone() async throws {
        try await Project.with { (project) async throws in
            let sandbox = project.sandbox
            try await sandbox.run("git", ["init", "-q", "--bare", "hub.git"]).check()
            try await project.git("remote", "add", "origin", sandbox.path("hub.git").string)
            try await project.cacheImage("update").check()
            try await project.commit("Entry")
            try await project.git("push", "-q", "origin", "main")
            try await sandbox.run(
                "git", ["clone", "-q", "hub.git", "clone"], environment: ["GIT_LFS_SKIP_SMUDGE": "1"]
            ).check()
            try FileManager.default.moveItem(
                atPath: sandbox.path("hub.git").string, toPath: sandbox.path("away.git").string)
            let clone = Project(sandbox, folder: "clone")
            let pulled = try await clone.cacheImage("pull").check(8)
            #expect(pulled.error.contains("hub.git: there is no such folder"))
        }
    }

    @Test func anExportEndsWithItsReader() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            let program = Sandbox.products.appending("cache-image").string
            let piped = try await project.sandbox.run(
                "/bin/sh", ["-c", "timeout 60 '\(program)' export demo /dev/stdout | head -c 20 | wc -c"],
                in: project.folder, environment: try project.storeVariables("a")
            ).check()
            #expect(piped.output.contains("20"))
        }
    }

    @Test func theDocumentOfVerifyHoldsTheProblems() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try project.write("docker-cache/demo-latest.md5", "0\n")
            let verified = try await project.cacheImage("verify", "--json").check(4)
            let document = try JSONValue(parsing: verified.outputBytes)
            #expect(document.array?.first?["problems"]?.array?.isEmpty == false)
            #expect(document.array?.first?["state"]?.string == "stale")
        }
    }

    @Test func anInputThatGitDoesNotHoldIsNamedBeforeTheBuild() async throws {
        try await Project.with { (project) async throws in
            try project.write("src/new.txt", "new\n")
            let update = try await project.cacheImage("update").check()
            #expect(update.error.contains("not in Git: a fresh clone cannot reproduce this key (src/new.txt)"))
            let context = try await project.cacheImage("status", "--context", "nowhere").check(2)
            #expect(context.error.contains("cannot use --context: there is no folder \"nowhere\""))
        }
    }
}
