import Foundation
import Hashing
import LFS
import SystemPackage
import TestSupport
import Testing

/// `lfs prune` and `lfs fsck` on repositories with a remote on this machine.
@Suite(.enabled(if: Requirements.tools("git")))
struct PruneFsckTests {
    /// A repository `w` with three old, pushed versions of one image.
    private func withHistory(_ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["init", "-q", "w"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "../srv.git"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "install"], in: "w").check()
            try sandbox.write("w/.gitattributes", "*.tar filter=lfs diff=lfs merge=binary -text\n")
            for text in ["one", "two", "three"] { try await commit(sandbox, text) }
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            try await body(sandbox)
        }
    }

    private func commit(_ sandbox: Sandbox, _ text: String, file: String = "x/a.tar") async throws {
        try sandbox.write("w/\(file)", text)
        try await sandbox.run("git", ["add", "."], in: "w").check()
        let old = ["GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"]
        try await sandbox.run("git", ["commit", "-qm", text], in: "w", environment: old).check()
    }

    /// The texts whose objects the store holds.
    private func held(_ sandbox: Sandbox) throws -> Set<String> {
        let root = sandbox.path("w/.git/lfs/objects").string
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return Set(
            names.filter { $0.utf8.count == 70 }.compactMap { name in
                FileManager.default.contents(atPath: root + "/" + name).map { String(decoding: $0, as: UTF8.self) }
            })
    }

    private func prune(_ sandbox: Sandbox, _ words: String...) async throws -> CommandResult {
        try await sandbox.run("cache-image", ["lfs", "prune"] + words, in: "w")
    }

    @Test func whatNothingNeedsAndTheServerHasGoes() async throws {
        try await withHistory { sandbox in
            let dry = try await prune(sandbox, "--dry-run").check()
            #expect(
                dry.output == "prune: 3 local objects, 1 retained, 2 verified with remote, done.\n"
                    + "prune: 2 files would be pruned (6 B), done.\n")
            #expect(try held(sandbox) == ["one", "two", "three"])
            try await prune(sandbox).check()
            #expect(try held(sandbox) == ["three"])
        }
    }

    @Test func whatTheServerLacksStays() async throws {
        try await withHistory { sandbox in
            try await sandbox.run("rm", ["-r", "srv.git/lfs"]).check()
            let refused = try await prune(sandbox)
            #expect(refused.status == 2)
            #expect(refused.output.contains("2 not on remote"))
            #expect(try held(sandbox) == ["one", "two", "three"])
            try await prune(sandbox, "--no-verify-remote").check()
            #expect(try held(sandbox) == ["three"])
        }
    }

    @Test func stagedStashedUnpushedAndOtherCheckoutsStay() async throws {
        try await withHistory { sandbox in
            try await sandbox.run("git", ["worktree", "add", "-q", "--detach", "../b", "HEAD~2"], in: "w").check()
            try await commit(sandbox, "unpushed")
            try sandbox.write("w/x/a.tar", "stashed")
            try await sandbox.run("git", ["stash", "-q"], in: "w").check()
            try sandbox.write("w/x/new.tar", "staged")
            try await sandbox.run("git", ["add", "x/new.tar"], in: "w").check()
            try await prune(sandbox).check()
            #expect(try held(sandbox) == ["one", "unpushed", "stashed", "staged"])
            try await prune(sandbox, "--force").check()
            #expect(try held(sandbox) == ["unpushed", "stashed", "staged"])
        }
    }

    @Test func imagesOfEveryLocalBranchStay() async throws {
        try await withHistory { sandbox in
            try await sandbox.run("git", ["config", "lfs.fetchexclude", "docker-cache/*.tar"], in: "w").check()
            try await commit(sandbox, "image", file: "docker-cache/i.tar")
            let record = SHA256Digest(of: "two".utf8).hexadecimal
            try await commit(
                sandbox, "{\"provenance\": {\"archive\": {\"sha256\": \"\(record)\", \"size\": 3}}}",
                file: "docker-cache/i.inputs.json")
            try await sandbox.run("git", ["push", "-q", "origin", "main"], in: "w").check()
            try await sandbox.run("git", ["checkout", "-q", "-b", "other", "HEAD~4"], in: "w").check()
            try await prune(sandbox).check()
            #expect(try held(sandbox) == ["one", "two", "image"])
        }
    }

    @Test func fsckMovesWhatIsDamagedAndAFetchBringsItBack() async throws {
        try await withHistory { sandbox in
            #expect(
                try await sandbox.run("cache-image", ["lfs", "fsck"], in: "w").check().output == "Git LFS fsck OK\n")
            let name = SHA256Digest(of: "three".utf8).hexadecimal
            let file = "w/.git/lfs/objects/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
            // Not in place: the server shares the inode.
            try await sandbox.run("rm", [file]).check()
            try sandbox.write(file, "three!")
            let found = try await sandbox.run("cache-image", ["lfs", "fsck"], in: "w")
            #expect(found.status == 1)
            #expect(found.output.hasPrefix("objects: corruptObject: x/a.tar (\(name)) is corrupt\n"))
            #expect(try sandbox.text("w/.git/lfs/bad/\(name)") == "three!")
            try await sandbox.run("cache-image", ["lfs", "fetch"], in: "w").check()
            try await sandbox.run("cache-image", ["lfs", "fsck", "--remote"], in: "w").check()
            try await sandbox.run("rm", ["-r", "srv.git/lfs"]).check()
            let remote = try await sandbox.run("cache-image", ["lfs", "fsck", "--remote"], in: "w")
            #expect(remote.status == 1)
            #expect(remote.output.contains("missingOnServer: x/a.tar"))
        }
    }

    @Test(.enabled(if: Requirements.tools("git-lfs")))
    func fsckReportsPointersAsGitLFSDoes() async throws {
        try await withHistory { sandbox in
            let plain = ["-c", "filter.lfs.clean=cat", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false"]
            try sandbox.write("w/x/raw.tar", "not a pointer")
            try sandbox.write(
                "w/x/odd.tar",
                "version https://git-lfs.github.com/spec/v1\noid sha256:\(SHA256Digest(of: "three".utf8).hexadecimal)\nsize 0005\n"
            )
            try await sandbox.run("git", plain + ["add", "x/raw.tar", "x/odd.tar"], in: "w").check()
            try await sandbox.run("git", plain + ["commit", "-qm", "odd"], in: "w").check()
            for words in [["fsck", "--pointers"], ["fsck"], ["fsck", "--pointers", "HEAD~1"], ["fsck", "nope"]] {
                let ours = try await sandbox.run("cache-image", ["lfs"] + words, in: "w")
                let theirs = try await sandbox.run("git", ["lfs"] + words, in: "w")
                #expect(ours.status == theirs.status, "\(words)")
                #expect(ours.lines.sorted() == theirs.lines.sorted(), "\(words)")
            }
        }
    }

    @Test func cacheKeysAreTheObjectsOfTheCheckout() async throws {
        try await withHistory { sandbox in
            let key = try await sandbox.run("cache-image", ["lfs", "cache-key"], in: "w").check()
            #expect(key.output == SHA256Digest(of: "three".utf8).hexadecimal + "\n")
            let none = try await sandbox.run("cache-image", ["lfs", "cache-key", "-I", "y/*.tar"], in: "w").check()
            #expect(none.output == "")
        }
    }
}
