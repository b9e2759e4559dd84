import Foundation
import Hashing
import SystemPackage
import TestSupport
import Testing

/// `git push` with the hooks of git-lfs, of this program, of both and of somebody else (scenarios 39 and 40).
@Suite(.enabled(if: Requirements.tools("git", "git-lfs", "sh")))
struct HookScenarioTests {
    private struct Place {
        let sandbox: Sandbox
        /// The environment whose PATH has git but not git-lfs.
        let alone: [String: String?]

        func git(_ words: String..., alone isAlone: Bool = false) async throws -> CommandResult {
            try await sandbox.run("git", words, in: "w", environment: isAlone ? alone : [:])
        }

        /// Whether the remote's store has the object of a text.
        func isUploaded(_ text: String) -> Bool {
            let oid = SHA256Digest(of: text.utf8).hexadecimal
            let path = "srv.git/lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
            return FileManager.default.fileExists(atPath: sandbox.path(path).string)
        }

        func commit(_ text: String, alone isAlone: Bool = false) async throws {
            try sandbox.write("w/a.tar", text)
            _ = try await git("add", ".", alone: isAlone).check()
            _ = try await git("commit", "-qm", text, alone: isAlone).check()
        }

        func hook(_ name: String) throws -> String { try sandbox.text("w/.git/hooks/\(name)") }
    }

    private func withPlace(_ body: (Place) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("tools/.keep", "")
            for name in ["git", "sh", "true", "cat", "echo", "sed", "uname", "basename", "env"] {
                let program = Sandbox.find(name, in: sandbox.environment["PATH"] ?? "")
                try await sandbox.run("ln", ["-s", program.string, sandbox.path("tools/\(name)").string]).check()
            }
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try sandbox.write("w/.gitattributes", "*.tar filter=lfs -text\n")
            try await body(
                Place(
                    sandbox: sandbox,
                    alone: ["PATH": sandbox.path("tools").string, "GIT_CONFIG_NOSYSTEM": "1"]))
        }
    }

    @Test func onlyGitLFSsHook() async throws {
        try await withPlace { place in
            _ = try await place.git("lfs", "install", "--local").check()
            let hook = try place.hook("pre-push")
            try await place.sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            #expect(try place.hook("pre-push") == hook)
            try await place.commit("one")
            _ = try await place.git("push", "-q", "origin", "main").check()
            #expect(place.isUploaded("one"))
        }
    }

    @Test func bothProgramsWithThisOnesHook() async throws {
        try await withPlace { place in
            try await place.sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            let hook = try place.hook("pre-push")
            #expect(hook.contains("cache-image lfs install"))
            // git-lfs leaves a hook that is not its own alone, and says so.
            _ = try await place.git("lfs", "install", "--local").check(2)
            #expect(try place.hook("pre-push") == hook)
            try await place.commit("one")
            let push = try await place.git("push", "origin", "main").check()
            #expect(push.output.hasPrefix("Uploading LFS objects: 100% (1/1), 3 B | "))
            #expect(place.isUploaded("one"))
        }
    }

    @Test func somebodyElsesHookIsLeftAlone() async throws {
        try await withPlace { place in
            _ = try await place.git("config", "core.hooksPath", ".husky").check()
            try place.sandbox.write("w/.husky/pre-push", "#!/bin/sh\nexit 0\n", permissions: 0o755)
            for words in [["install"], ["install", "--force"], ["update"]] {
                let install = try await place.sandbox.run("cache-image", ["lfs"] + words, in: "w").check(2)
                #expect(install.error.contains("lfs pre-push \"$@\" || exit 2"))
                #expect(try place.sandbox.text("w/.husky/pre-push") == "#!/bin/sh\nexit 0\n")
            }
            // The lines that were printed do it.
            let manual = try await place.sandbox.run("cache-image", ["lfs", "update", "--manual"], in: "w").check()
            let line = try #require(manual.output.split(separator: "\n").last { $0.contains("pre-push \"$@\"") })
            try place.sandbox.write(
                "w/.husky/pre-push", "#!/bin/sh\n\(line.drop { $0 == "\t" })\nexit 0\n", permissions: 0o755)
            try await place.commit("one")
            _ = try await place.git("push", "-q", "origin", "main").check()
            #expect(place.isUploaded("one"))
        }
    }

    @Test func gitLFSIsGoneAndItsHooksAreLeft() async throws {
        try await withPlace { place in
            _ = try await place.git("lfs", "install", "--local").check()
            // Without git-lfs, its hooks keep Git from everything.
            let checkout = try await place.git("commit", "-q", "--allow-empty", "-m", "x", alone: true)
            let push = try await place.git("push", "-q", "origin", "HEAD", alone: true)
            #expect(checkout.status != 0 || push.status != 0)
            let install = try await place.sandbox.run(
                "cache-image", ["lfs", "install"], in: "w", environment: place.alone
            ).check()
            #expect(install.error.contains("post-checkout"))
            try await place.commit("one", alone: true)
            _ = try await place.git("push", "-q", "origin", "main", alone: true).check()
            #expect(place.isUploaded("one"))
        }
    }

    @Test func underGitLFSsNameTheHooksAreGitLFSs() async throws {
        try await withPlace { place in
            let program = Sandbox.products.appending("cache-image").string
            try place.sandbox.write(
                "tools/git-lfs", "#!/bin/sh\nexec '\(program)' lfs \"$@\"\n", permissions: 0o755)
            _ = try await place.git("lfs", "install", alone: true).check()
            #expect(try place.hook("post-commit").contains("git lfs post-commit \"$@\""))
            try await place.commit("one", alone: true)
            _ = try await place.git("checkout", "-q", "-b", "x", alone: true).check()
            _ = try await place.git("push", "-q", "origin", "main", alone: true).check()
            #expect(place.isUploaded("one"))
            // The real program takes them for its own.
            _ = try await place.git("lfs", "install", "--local").check()
        }
    }
}
