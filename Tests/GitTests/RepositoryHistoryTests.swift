import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct RepositoryHistoryTests {
    @Test func historyIsThatOfGitLog() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["a": "1", "b": "1"])
            for (path, text) in [("a", "2"), ("b", "2"), ("a", "3")] {
                try sandbox.write("repo/" + path, text)
                try await sandbox.git("commit", "-qam", "change \(path) to \(text)")
            }
            try await sandbox.git("checkout", "-qb", "side", "HEAD~1")
            try sandbox.write("repo/c", "side")
            try await sandbox.git("add", "c")
            try await sandbox.git("commit", "-qm", "side")
            try await sandbox.git("checkout", "-q", "main")
            try await sandbox.git("merge", "-q", "--no-edit", "side")
            let repository = try sandbox.open()
            let head = try #require(try repository.head())
            let expected = try await sandbox.git("log", "--format=%H", "--", "a").lines
            let history = try repository.history(of: ["a", "missing"], from: [head])
            #expect(history.map(\.commit.id.hexadecimal) == expected)
            #expect(history.first?.commit.subject == "change a to 3")
            #expect(history.first?.commit.author == "A Tester")
            #expect(history.first?.entries.count == 2 && history.first?.entries[1] == nil)
            #expect(try repository.history(of: ["a"], from: [head], limit: 1).count == 1)
        }
    }

    @Test func referencesAndRevisionsAreThoseOfGit() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["d/a": "1"])
            try await sandbox.git("tag", "-am", "note", "v1")
            try await sandbox.git("branch", "topic/x")
            let repository = try sandbox.open()
            let head = try #require(try repository.head())
            #expect(try repository.headBranch() == "refs/heads/main")
            #expect(try repository.references("refs/heads/").map(\.shorthand) == ["main", "topic/x"])
            #expect(try repository.references("refs/tags/").map(\.target) == [head])
            #expect(try repository.resolve("no-such") == nil)
            let blob = try #require(try repository.resolve("HEAD:d/a"))
            #expect(blob == ObjectID(ofBlob: Array("1".utf8)))
            #expect(try repository.blob(blob, limit: 10) == Array("1".utf8))
            #expect(try repository.entry(at: "d/a", in: head)?.id == blob)
            #expect(try repository.entry(at: "d/b", in: head) == nil)
            #expect(throws: GitError.self) { try repository.blob(blob, limit: 0) }
        }
    }

    @Test func remotesFollowInsteadOf() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try await sandbox.git("remote", "add", "origin", "short:a/b")
            try await sandbox.git("remote", "add", "other", "/srv/x")
            try await sandbox.git("config", "remote.other.pushurl", "short:c")
            try await sandbox.git("config", "url.https://h.example/.insteadOf", "short:")
            try await sandbox.git("config", "url.ssh://h.example/.pushInsteadOf", "short:a")
            let remotes = try sandbox.open().configuration().remotes
            for remote in remotes {
                #expect(try await sandbox.git("remote", "get-url", remote.name).lines == [remote.url])
                #expect(try await sandbox.git("remote", "get-url", "--push", remote.name).lines == [remote.pushURL])
            }
            #expect(remotes.map(\.name) == ["origin", "other"])
        }
    }

    @Test func excludingTwiceWritesOneLine() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let repository = try sandbox.open()
            #expect(try repository.exclude("docker-cache/.tmp-*".utf8))
            #expect(try !repository.exclude("docker-cache/.tmp-*".utf8))
            try sandbox.write("repo/docker-cache/.tmp-1-x", "")
            #expect(try await sandbox.git("status", "--porcelain").output == "")
        }
    }

    @Test func configurationIsSetAddedAndUnset() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let repository = try sandbox.open()
            try repository.setConfiguration("filter.lfs.clean", to: "x -- %f # \"y\"")
            #expect(try await sandbox.git("config", "filter.lfs.clean").lines == ["x -- %f # \"y\""])
            #expect(try repository.configuration().string("filter.lfs.clean") == "x -- %f # \"y\"")
            try await sandbox.git("config", "--add", "a.b", "1")
            try await sandbox.git("config", "--add", "a.b", "2")
            try repository.setConfiguration("a.b", to: "3")
            #expect(try await sandbox.git("config", "--get-all", "a.b").lines == ["3"])
            #expect(try repository.unsetConfiguration("filter.lfs.clean"))
            #expect(try !repository.unsetConfiguration("filter.lfs.clean"))
        }
    }

    @Test func worktreesAreListed() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try await sandbox.git("worktree", "add", "-q", "../other")
            let found = try sandbox.open("other").worktrees()
            #expect(found.compactMap { $0.path?.lastComponent?.string } == ["repo", "other"])
        }
    }
}
