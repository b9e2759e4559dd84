import Foundation
import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct StagingTests {
    private static let pointer = Array(
        """
        version https://git-lfs.github.com/spec/v1
        oid sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4
        size 2

        """.utf8)

    /// A repository whose archives are LFS-tracked, without any filter being configured.
    private func prepare(_ sandbox: Sandbox) async throws {
        try await sandbox.makeRepository([
            ".gitattributes": "*.tar filter=lfs diff=lfs merge=binary -text\n", "keep": "1", "old": "2", "dir/x": "3",
        ])
        try sandbox.write("repo/a.tar", "hi")
        try sandbox.write("repo/a.md5", "sum\n")
    }

    private func stage(_ sandbox: Sandbox, environment: [String: String] = [:]) async throws {
        try await sandbox.open(environment: environment).stage(
            [StagedFile("a.tar", .blob(Self.pointer)), StagedFile("a.md5")], removing: ["old"])
    }

    @Test func aFileStagedByItsPointerIsCleanWithoutAnyFilter() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try Files.remove(sandbox.path("repo/old"))
            try await stage(sandbox)
            #expect(try await sandbox.git("status", "--porcelain").lines == ["A  a.md5", "A  a.tar", "D  old"])
            let blob = try await sandbox.git("cat-file", "blob", ":a.tar").outputBytes
            #expect(blob == Self.pointer)
            // As if the index had been written in a later second than the files.
            try await sandbox.run("touch", ["-d", "2 seconds", ".git/index"], in: "repo").check()
            #expect(try await sandbox.git("status", "--porcelain").lines == ["A  a.md5", "A  a.tar", "D  old"])
            try await sandbox.git("commit", "-qm", "image")
            #expect(try await sandbox.git("status", "--porcelain").output == "")
        }
    }

    @Test func anIndexThatLooksOldDoesNotMakeOtherArchivesBeRead() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await stage(sandbox)
            try await sandbox.run("touch", ["-d", "1 hour ago", ".git/index"], in: "repo").check()
            try sandbox.write("repo/b.md5", "other\n")
            try await sandbox.open().stage([StagedFile("b.md5")])
            let index = try sandbox.open().index()
            #expect(index.entry(at: "a.tar")?.size == 2)
            #expect(index.entry(at: "b.md5") != nil)
        }
    }

    @Test func theExecutableBitIsKept() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try sandbox.write("repo/run.sh", "#!/bin/sh\n", permissions: 0o755)
            try await sandbox.open().stage([StagedFile("run.sh")])
            #expect(try sandbox.open().index().entry(at: "run.sh")?.mode == 0o100755)
        }
    }

    @Test func unmergedPathsAreResolved() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await sandbox.git("checkout", "-qb", "side")
            try sandbox.write("repo/keep", "side")
            try await sandbox.git("commit", "-qam", "side")
            try await sandbox.git("checkout", "-q", "main")
            try sandbox.write("repo/keep", "main")
            try await sandbox.git("commit", "-qam", "main")
            try await sandbox.run("git", ["merge", "side"], in: "repo").check(1)
            let repository = try sandbox.open()
            #expect(try repository.index().unmergedPaths == ["keep"])
            try sandbox.write("repo/keep", "both")
            try await repository.stage([StagedFile("keep")])
            #expect(try repository.index().unmergedPaths == [])
            #expect(try await sandbox.git("cat-file", "blob", ":keep").output == "both")
        }
    }

    @Test(arguments: [
        ["update-index", "--split-index"], ["sparse-checkout", "set", "--cone", "--sparse-index", "none"],
    ])
    func anIndexOfAnotherFormIsChangedByTheProgram(_ command: [String]) async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await sandbox.run("git", command, in: "repo").check()
            try await stage(sandbox)
            let lines = try await sandbox.git("ls-files", "-s", "--sparse").output
            #expect(lines.contains("a.tar") && lines.contains("a.md5") && !lines.contains("\told"))
        }
    }

    @Test func anIndexWithoutAChecksumIsChangedByTheProgram() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            // What `index.skipHash` writes.
            let bytes = try sandbox.read("repo/.git/index")
            try sandbox.write("repo/.git/index", bytes: bytes.dropLast(20) + [UInt8](repeating: 0, count: 20))
            #expect(try sandbox.open().index().needsGit)
            try await stage(sandbox)
            #expect(try sandbox.open().index().entry(at: "a.tar") != nil)
        }
    }

    @Test func anIndexOfVersion4IsChanged() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await sandbox.git("update-index", "--index-version", "4")
            try await stage(sandbox)
            let expected = try await sandbox.git("ls-files").lines
            #expect(try sandbox.open().index().entries.map(\.path.description) == expected)
        }
    }

    @Test func withoutTheProgramSuchAnIndexIsLeftUntouched() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await sandbox.git("update-index", "--split-index")
            let before = try sandbox.read("repo/.git/index")
            await #expect(throws: GitError.self) { try await stage(sandbox, environment: ["PATH": "/nowhere"]) }
            #expect(try sandbox.read("repo/.git/index") == before)
        }
    }

    @Test func aLockOfAnotherProcessIsWaitedFor() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try sandbox.write("repo/.git/index.lock", "")
            let lock = sandbox.path("repo/.git/index.lock")
            // A thread of its own: a task could wait behind other tests for longer than the lock is waited for.
            Thread.detachNewThread {
                usleep(300_000)
                _ = try? Files.remove(lock)
            }
            try await stage(sandbox)
            #expect(try sandbox.open().index().entry(at: "a.tar") != nil)
        }
    }

    @Test func theLockOfAKilledCommandOfOursIsRemoved() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try sandbox.write("repo/.git/index.cache-image", "")
            try sandbox.write("repo/.git/index.cache-image.new", "half")
            try Files.link(sandbox.path("repo/.git/index.cache-image"), to: sandbox.path("repo/.git/index.lock"))
            try await stage(sandbox)
            #expect(try sandbox.open().index().entry(at: "a.tar") != nil)
            try await sandbox.git("status")
            let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("repo/.git").string)
            #expect(left.filter { $0.hasPrefix("index") } == ["index"])
        }
    }

    @Test func theLockOfAnotherProgramStays() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try sandbox.write("repo/.git/index.cache-image", "")
            try sandbox.write("repo/.git/index.lock", "")
            try sandbox.open().removeAbandonedLock()
            #expect(Files.exists(sandbox.path("repo/.git/index.lock")))
            #expect(!Files.exists(sandbox.path("repo/.git/index.cache-image")))
        }
    }

    @Test func whatGitStagesMeanwhileIsKept() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            let repository = try sandbox.open()
            // Known to us before Git changes it.
            _ = try repository.index()
            try sandbox.write("repo/other", "x")
            try await sandbox.git("add", "other")
            try await repository.stage([StagedFile("a.tar", .blob(Self.pointer))])
            let staged = try await sandbox.git("ls-files").lines
            #expect(staged.contains("other") && staged.contains("a.tar"))
        }
    }
}
