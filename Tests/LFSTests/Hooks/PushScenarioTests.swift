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

    @Test func aRemoteThatIsNotThereIsNamed() async throws {
        try await withRemote { sandbox in
            for verb in ["push", "pull"] {
                let result = try await sandbox.run("cache-image", [verb, "--remote", "nope"], in: "w").check(2)
                #expect(result.error.contains("there is no remote 'nope'"), "\(result)")
            }
            let all = try await sandbox.run("cache-image", ["lfs", "push", "--all", "origin", "nope"], in: "w").check(2)
            #expect(all.error.contains("cannot push nope: it names no commit"), "\(all)")
        }
    }

    @Test func aRepositoryOfAnotherFormatIsNamed() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--object-format=sha256", "h"]).check()
            try sandbox.write("h/cache-image.yml", "images: {app: {}}\n")
            try sandbox.write("h/Dockerfile", "FROM scratch\n")
            for words in [["push"], ["pull"], ["history", "app"]] {
                let result = try await sandbox.run("cache-image", words, in: "h").check(2)
                #expect(result.error.contains("only SHA-1 repositories can be read"), "\(result)")
                #expect(!result.error.contains("git init"), "\(result)")
            }
        }
    }

    @Test func anOldPointerOfAWrongSizeStopsNoPush() async throws {
        try await withRemote { sandbox in
            let oid = SHA256Digest(of: "first".utf8).hexadecimal
            try sandbox.write(
                "w/docker-cache/a.tar",
                "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize 99\n")
            let blob = try await sandbox.run(
                "git", ["hash-object", "-w", "--no-filters", "docker-cache/a.tar"], in: "w"
            ).check().output.filter { !$0.isNewline }
            let entry = "100644,\(blob),docker-cache/a.tar"
            try await sandbox.run("git", ["update-index", "--cacheinfo", entry], in: "w").check()
            try await sandbox.run("git", ["commit", "-qm", "wrong"], in: "w").check()
            let shown = try await sandbox.run("git", ["show", "HEAD:docker-cache/a.tar"], in: "w").check().output
            #expect(shown.hasSuffix("size 99\n"))
            try await commit(sandbox, "first")
            let dry = try await sandbox.run("cache-image", ["push", "--dry-run"], in: "w").check()
            #expect(dry.error.contains("1 LFS object to upload"), "\(dry.error)")
            try await sandbox.run("cache-image", ["push"], in: "w").check()
            #expect(try sandbox.text("srv.git/" + path("first")) == "first")
        }
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
            #expect(dry.error.contains("1 LFS object to upload, 5 B"))
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

    /// What a user expects of "pull": content in the work tree, unless pointers are wanted there.
    @Test(arguments: [
        (nil, nil, true), ("git: {worktree: pointer}\n", nil, false), (nil, "docker-cache/*.tar", false),
        (nil, "other/*", true),
    ])
    func pullChecksTheArchiveOut(configuration: String?, excluded: String?, isWritten: Bool) async throws {
        try await withRemote { sandbox in
            try sandbox.write("w/outside.tar", "outside")
            try sandbox.write("w/.gitattributes", "*.tar filter=lfs diff=lfs merge=binary -text\n")
            try await commit(sandbox, "second")
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            let plain = ["GIT_LFS_SKIP_SMUDGE": "1"]
            try await sandbox.run("git", ["clone", "-q", "srv.git", "c"], environment: plain).check()
            try sandbox.write("c/cache-image.yml", "images: {a: {dockerfile: D}}\n" + (configuration ?? ""))
            try sandbox.write("c/D", "FROM scratch\n")
            if let excluded {
                try await sandbox.run("git", ["config", "lfs.fetchexclude", excluded], in: "c").check()
            }
            let pointer = try sandbox.text("c/docker-cache/a.tar")
            try await sandbox.run("cache-image", ["pull"], in: "c").check()
            #expect(try sandbox.text("c/docker-cache/a.tar") == (isWritten ? "second" : pointer))
            #expect(try sandbox.text("c/.git/" + path("second")) == "second")
            #expect(try sandbox.text("c/outside.tar").hasPrefix("version "))
            let status = try await sandbox.run("git", ["status", "--porcelain", "-uno"], in: "c").check()
            #expect(status.output == "")
            // What a user has put there is left alone.
            try sandbox.write("c/docker-cache/a.tar", "mine")
            try await sandbox.run("cache-image", ["pull"], in: "c").check()
            #expect(try sandbox.text("c/docker-cache/a.tar") == "mine")
        }
    }

    /// A fork whose LFS server is upstream's, where the contributor may not write.
    @Test(.enabled(if: ScriptServer.isAvailable)) func whatAnotherRemoteOfTheServerHasIsNotUploaded() async throws {
        try await FaultServer.with { fixture in
            let sandbox = fixture.sandbox
            for name in ["up.git", "fork.git"] { try await sandbox.run("git", ["init", "-q", "--bare", name]).check() }
            try await fixture.git("remote", "add", "origin", "../up.git")
            try await fixture.git("remote", "add", "fork", "../fork.git")
            try await sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            try sandbox.write("w/.gitattributes", "docker-cache/*.tar filter=lfs -text\n")
            try await commit(sandbox, "first")
            try await fixture.git("push", "-q", "origin", "main")
            try await fixture.behave(["batch_status": 403, "locks_status": 403])
            let asked = try fixture.batches.count
            try sandbox.write("w/README", "x")
            try await fixture.git("add", "README")
            try await fixture.git("commit", "-qm", "no image")
            try await fixture.git("push", "-q", "fork", "main")
            #expect(try fixture.batches.count == asked)
            #expect(try fixture.requests("/repo/info/lfs/locks/verify").count == 1)
            // What upstream has no more may be gone from the server, too.
            try await sandbox.run("git", ["update-ref", "-d", "refs/heads/main"], in: "up.git").check()
            let refused = try await sandbox.run("git", ["push", "-q", "fork", "main:new"], in: "w")
            #expect(refused.status == 0, "the fork has it by now")
            try await sandbox.run("git", ["update-ref", "-d", "refs/heads/main"], in: "fork.git").check()
            try await sandbox.run("git", ["update-ref", "-d", "refs/heads/new"], in: "fork.git").check()
            #expect(try await sandbox.run("git", ["push", "-q", "fork", "main:new"], in: "w").status == 1)
            #expect(try fixture.batches.count == asked + 1)
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
