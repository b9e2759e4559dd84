import Foundation
import Hashing
import SystemPackage
import TestSupport
import Testing

/// The folder of images that prune and fsck take care of is the one that cache-image.yml names.
@Suite(.enabled(if: Requirements.tools("git")))
struct CacheFolderTests {
    /// A repository `w` whose images lie in `images`; `old` is an image of another branch, pushed long ago.
    private func withImages(_ configuration: String, _ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            try await sandbox.run("git", ["config", "lfs.fetchexclude", "images/*.tar"], in: "w").check()
            try sandbox.write("w/.gitattributes", "*.tar filter=lfs -text\n")
            try sandbox.write("w/cache-image.yml", configuration)
            for text in ["old", "new"] {
                try sandbox.write("w/images/i.tar", text)
                try await sandbox.run("git", ["add", "."], in: "w").check()
                try await sandbox.run(
                    "git", ["commit", "-qm", text], in: "w",
                    environment: ["GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"]
                ).check()
            }
            try await sandbox.run("git", ["branch", "other", "HEAD~"], in: "w").check()
            try await sandbox.run("git", ["push", "-q", "origin", "main", "other"], in: "w").check()
            try await body(sandbox)
        }
    }

    private func object(_ text: String) -> String {
        let oid = SHA256Digest(of: text.utf8).hexadecimal
        return "w/.git/lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
    }

    private func holds(_ sandbox: Sandbox, _ text: String) -> Bool {
        FileManager.default.fileExists(atPath: sandbox.path(object(text)).string)
    }

    @Test func theConfiguredFolderIsKeptAndChecked() async throws {
        try await withImages("cache: images\n") { sandbox in
            try sandbox.write("w/sub/x", "")
            try await sandbox.run("cache-image", ["lfs", "prune"], in: "w/sub").check()
            #expect(holds(sandbox, "old"))
            #expect(holds(sandbox, "new"))
            try await sandbox.run("cache-image", ["lfs", "fetch", "--prune"], in: "w").check()
            #expect(holds(sandbox, "old"))
            try sandbox.write(object("new"), "nxw")
            try await sandbox.run("cache-image", ["lfs", "fsck", "--dry-run"], in: "w").check(1)
            try await sandbox.run("cache-image", ["lfs", "install", "--on-demand"], in: "w").check()
            #expect(try sandbox.text("w/.lfsconfig").contains("fetchexclude = images/*.tar"))
        }
    }

    @Test func withoutTheKeyTheDefaultCounts() async throws {
        try await withImages("engine: podman\n") { sandbox in
            try sandbox.write(object("new"), "nxw")
            try await sandbox.run("cache-image", ["lfs", "fsck", "--dry-run"], in: "w").check()
            let result = try await sandbox.run("cache-image", ["lfs", "prune"], in: "w").check()
            #expect(result.error == "")
            #expect(!holds(sandbox, "old"))
        }
    }

    @Test func aBrokenFileIsWarnedOfAndStopsOnlyWhatWouldRemove() async throws {
        try await withImages("cache: [\n") { sandbox in
            let result = try await sandbox.run("cache-image", ["lfs", "fsck"], in: "w").check()
            #expect(result.error.contains("warning:"))
            #expect(result.error.contains("cache-image.yml"))
            #expect(result.error.contains("docker-cache is taken"))
            #expect(result.output == "Git LFS fsck OK\n")
            try await sandbox.run("cache-image", ["lfs", "prune", "--dry-run"], in: "w").check(2)
            try await sandbox.run("cache-image", ["lfs", "ls-files"], in: "w").check()
        }
    }
}
