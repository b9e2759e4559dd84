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
            for words in [["--verify-remote"], ["--when-unverified=halt"]] {
                let refused = try await sandbox.run("cache-image", ["lfs", "prune"] + words, in: "w")
                #expect(refused.status == 2)
                #expect(refused.output.contains("2 not on remote"))
                #expect(try held(sandbox) == ["one", "two", "three"])
            }
            // Where nobody has asked for the check, it keeps what it must, and goes on.
            try await sandbox.run("cache-image", ["lfs", "push", "--all", "origin"], in: "w").check()
            let name = SHA256Digest(of: "two".utf8).hexadecimal
            try await sandbox.run(
                "rm", ["srv.git/lfs/objects/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"]
            ).check()
            #expect(try await prune(sandbox).check().output.contains("1 not on remote"))
            #expect(try held(sandbox) == ["two", "three"])
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

    /// Of a stash, what it brought; of a worktree, what no branch leads to.
    @Test func onlyWhatIsNowhereElseIsKeptOfStashesAndHeads() async throws {
        try await withHistory { sandbox in
            func git(_ words: String..., folder: String = "w") async throws {
                try await sandbox.run("git", words, in: folder).check()
            }
            try await git("checkout", "-q", "-b", "old", "HEAD~2")
            try sandbox.write("w/x/a.tar", "changed")
            try sandbox.write("w/x/index.tar", "in the index")
            try await git("add", "x/index.tar")
            try sandbox.write("w/x/untracked.tar", "untracked")
            try await git("stash", "-q", "-u")
            try await git("checkout", "-q", "main")
            try await git("branch", "-qD", "old")
            try await git("worktree", "add", "-q", "--detach", "../b", "HEAD")
            try sandbox.write("b/x/a.tar", "detached")
            try await git("add", "-A", folder: "b")
            try await git("commit", "-qm", "d", folder: "b")
            let brought: Set = ["changed", "in the index", "untracked", "detached"]
            try await prune(sandbox).check()
            #expect(try held(sandbox) == brought.union(["three"]))
            // Without its log only the newest stash is left, whose commits are read as before.
            try await sandbox.run("rm", [".git/logs/refs/stash"], in: "w").check()
            try await prune(sandbox, "--force").check()
            #expect(try held(sandbox) == brought)
        }
    }

    /// For commits that count as recent.
    private var today: [String: String?] {
        let now = "\(Int64(Date().timeIntervalSince1970)) +0000"
        return ["GIT_COMMITTER_DATE": now, "GIT_AUTHOR_DATE": now]
    }

    @Test func recentCommitsOfOldBranchesDoNotCount() async throws {
        try await withHistory { sandbox in
            for (key, value) in [("fetchrecentrefsdays", "30"), ("fetchrecentcommitsdays", "30000")] {
                try await sandbox.run("git", ["config", "lfs.\(key)", value], in: "w").check()
            }
            try await sandbox.run("git", ["branch", "old"], in: "w").check()
            // A history of its own, of today.
            try await sandbox.run("git", ["checkout", "-q", "--orphan", "new"], in: "w").check()
            try sandbox.write("w/x/a.tar", "new")
            try await sandbox.run("git", ["add", "-A"], in: "w").check()
            try await sandbox.run("git", ["commit", "-qm", "new"], in: "w", environment: today).check()
            try sandbox.write("w/x/a.tar", "newer")
            try await sandbox.run("git", ["commit", "-qam", "newer"], in: "w", environment: today).check()
            try await sandbox.run("git", ["push", "-q", "origin", "new"], in: "w").check()
            try await prune(sandbox).check()
            #expect(try held(sandbox) == ["new", "newer"])
        }
    }

    /// git-lfs takes a tag for a recent reference only where it is a plain name.
    @Test(arguments: [["tag", "v"], ["tag", "-am", "v", "v"]])
    func anAnnotatedTagIsNoRecentReference(words: [String]) async throws {
        try await withHistory { sandbox in
            func git(_ words: [String]) async throws {
                try await sandbox.run("git", words, in: "w", environment: today).check()
            }
            try await git(["checkout", "-q", "--detach"])
            try sandbox.write("w/y.txt", "y")
            try await git(["add", "y.txt"])
            try await git(["commit", "-qm", "today"])
            try await git(words)
            try await git(["push", "-q", "origin", "HEAD:refs/heads/other"])
            try await git(["update-ref", "-d", "refs/remotes/origin/other"])
            try await git(["checkout", "-q", "main"])
            try await commit(sandbox, "four")
            try await git(["push", "-q", "origin", "main"])
            try await prune(sandbox).check()
            #expect(try held(sandbox) == (words.count == 2 ? ["three", "four"] : ["four"]))
        }
    }

    @Test func pointersOfEmptyFilesAreNotCanonical() async throws {
        try await withHistory { sandbox in
            let empty = SHA256Digest(of: []).hexadecimal
            try sandbox.write(
                "p", "version https://git-lfs.github.com/spec/v1\noid sha256:\(empty)\nsize 0\n")
            let blob = try await sandbox.run("git", ["hash-object", "-w", "--no-filters", "../p"], in: "w").check()
                .output
                .prefix(40)
            try await sandbox.run("git", ["update-index", "--add", "--cacheinfo", "100644,\(blob),x/e.tar"], in: "w")
                .check()
            try await sandbox.run("git", ["commit", "-qm", "e"], in: "w").check()
            let found = try await sandbox.run("cache-image", ["lfs", "fsck", "--pointers"], in: "w")
            #expect(found.status == 1)
            #expect(found.output.hasPrefix("pointer: nonCanonicalPointer: Pointer for \(empty) (blob \(blob))"))
            // They need no object, and become empty files.
            try await sandbox.run("cache-image", ["lfs", "checkout"], in: "w").check()
            #expect(try sandbox.text("w/x/e.tar") == "")
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
