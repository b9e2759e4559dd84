import Foundation
import Hashing
import JSON
import LFS
import SystemPackage
import TestSupport
import Testing

/// Pushes through the hook that `cache-image lfs install` writes, to repositories on this machine and to a server.
@Suite(.enabled(if: Requirements.tools("git")))
struct PushScenarioTests {
    /// A bare repository `srv.git` and a repository `w` that has one image on its way there.
    private func withRemote(_ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            try sandbox.write("w/.gitattributes", "docker-cache/*.tar filter=lfs diff=lfs merge=binary -text\n")
            try await commit(sandbox, "first")
            try await body(sandbox)
        }
    }

    private func commit(_ sandbox: Sandbox, _ text: String) async throws {
        try sandbox.write("w/docker-cache/a.tar", text)
        try await sandbox.run("git", ["add", "."], in: "w").check()
        try await sandbox.run("git", ["commit", "-qm", text], in: "w").check()
    }

    private func path(_ text: String) -> String {
        let name = SHA256Digest(of: text.utf8).hexadecimal
        return "lfs/objects/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
    }

    private func exists(_ sandbox: Sandbox, _ path: String) -> Bool {
        FileManager.default.fileExists(atPath: sandbox.path(path).string)
    }

    private func inode(_ sandbox: Sandbox, _ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.path(path).string)
        return attributes[.systemFileNumber] as? Int ?? -1
    }

    @Test func gitPushUploadsFirstAndSharesTheInode() async throws {
        try await withRemote { sandbox in
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            #expect(try sandbox.text("srv.git/" + path("first")) == "first")
            #expect(try inode(sandbox, "srv.git/" + path("first")) == inode(sandbox, "w/.git/" + path("first")))
            #expect(try inode(sandbox, "w/docker-cache/a.tar") != inode(sandbox, "w/.git/" + path("first")))
            // All forms of the remote's address lead to the same store.
            let root = sandbox.root.string
            for (number, url) in ["\(root)/srv.git", "\(root)/srv.git/", "file://\(root)/srv.git"].enumerated() {
                try await sandbox.run("git", ["clone", "-q", url, "c\(number)"]).check()
                try await sandbox.run("cache-image", ["lfs", "pull"], in: "c\(number)").check()
                #expect(try sandbox.text("c\(number)/docker-cache/a.tar") == "first")
            }
            try await sandbox.run("git", ["clone", "-q", "file://\(root)/w", "d"]).check()
            try await sandbox.run("cache-image", ["lfs", "pull"], in: "d").check()
            #expect(try sandbox.text("d/docker-cache/a.tar") == "first")
        }
    }

    @Test func cacheImagePushUploadsAndPushes() async throws {
        try await withRemote { sandbox in
            let dry = try await sandbox.run("cache-image", ["push", "--dry-run"], in: "w").check()
            #expect(dry.error.contains("1 LFS objects to upload, 5 B"))
            #expect(!exists(sandbox, "srv.git/" + path("first")))
            try await sandbox.run("cache-image", ["push"], in: "w").check()
            #expect(exists(sandbox, "srv.git/" + path("first")))
            let here = try await sandbox.run("git", ["rev-parse", "main"], in: "w").check().output
            #expect(try await sandbox.run("git", ["rev-parse", "main"], in: "srv.git").check().output == here)
            try await sandbox.run("git", ["clone", "-q", "srv.git", "c"]).check()
            try await sandbox.run("cache-image", ["pull"], in: "c").check()
            #expect(try sandbox.text("c/.git/" + path("first")) == "first")
        }
    }

    @Test func aBranchDeletedThereCountsNoMore() async throws {
        try await withRemote { sandbox in
            try await sandbox.run("git", ["push", "-q", "origin", "main:old"], in: "w").check()
            try await sandbox.run("git", ["branch", "-D", "old"], in: "srv.git").check()
            try await sandbox.run("rm", ["-r", "srv.git/lfs"]).check()
            try await sandbox.run("git", ["push", "-q", "origin", "main:new"], in: "w").check()
            #expect(exists(sandbox, "srv.git/" + path("first")))
            try await sandbox.run("git", ["push", "-q", "origin", ":new"], in: "w").check()
        }
    }

    @Test(arguments: [["--tags"], ["--mirror"], ["--force", "origin", "main"], ["origin", "HEAD:refs/heads/x"]])
    func everyFormOfPushUploads(words: [String]) async throws {
        try await withRemote { sandbox in
            try await commit(sandbox, "second")
            try await sandbox.run("git", ["tag", "v1"], in: "w").check()
            try await sandbox.run("git", ["push", "-q"] + words, in: "w").check()
            #expect(exists(sandbox, "srv.git/" + path("first")))
            #expect(exists(sandbox, "srv.git/" + path("second")))
        }
    }

    @Test func aMissingObjectStopsThePushOnlyWhereTheServerLacksIt() async throws {
        try await withRemote { sandbox in
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            try await sandbox.run("rm", ["-r", "w/.git/lfs/objects"]).check()
            try await sandbox.run("git", ["push", "-q", "origin", "main:again"], in: "w").check()
            try await commit(sandbox, "second")
            try await sandbox.run("rm", ["-r", "w/.git/lfs/objects"]).check()
            let refused = try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w")
            #expect(refused.status != 0)
            #expect((refused.output + refused.error).contains("(missing) docker-cache/a.tar"), "\(refused)")
            try await sandbox.run("git", ["config", "lfs.allowincompletepush", "true"], in: "w").check()
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
        }
    }

    @Test(.enabled(if: ScriptServer.isAvailable))
    func anUploadThatFailsStopsThePush() async throws {
        try await withRemote { sandbox in
            try await ScriptServer.with("lfs-server.py", in: sandbox) { server in
                let fixture = FaultServer(server: server, sandbox: sandbox)
                try await fixture.git("config", "lfs.url", fixture.url)
                try await fixture.git("config", "lfs.transfer.maxretries", "1")
                try await fixture.behave(["storage_status": 500])
                let refused = try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w")
                #expect(refused.status != 0)
                #expect(
                    try await sandbox.run("git", ["rev-parse", "-q", "--verify", "main"], in: "srv.git").status != 0)
                try await fixture.behave([:])
                // What `git -c` says reaches the hook.
                let other = fixture.url.replacing("/repo/", with: "/nowhere/")
                let misled = try await sandbox.run(
                    "git", ["-c", "lfs.url=\(other)", "push", "-q", "origin", "main"], in: "w")
                #expect(misled.error.contains("does not know the repository"), "\(misled)")
                try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
                #expect(try await fixture.serverObjects().count == 1)
            }
        }
    }
}
