import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct IndexTests {
    private func listing(_ index: Index) -> [String] {
        index.entries.map { "\(String($0.mode, radix: 8)) \($0.id) \($0.stage)\t\($0.path)" }
    }

    private static let files = [
        "a": "1", "a-b": "2", "a/b": "", "dir/one": "1", "dir/two": "22", "dir.x": "3", "zz/deep/file": "4",
    ].filter { $0.key != "a/b" }

    @Test(arguments: [
        [["update-index", "--index-version", "2"]], [["update-index", "--index-version", "4"]],
        [["config", "index.threads", "2"], ["update-index", "--index-version", "4", "--force-write-index"]],
        [
            ["config", "core.splitIndex", "true"], ["update-index", "--split-index"],
            ["rm", "-q", "--cached", "dir/one"],
        ],
        [["update-index", "--skip-worktree", "dir/one"]],
    ])
    func agreesWithLsFiles(_ commands: [[String]]) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(Self.files)
            for command in commands { try await sandbox.run("git", command, in: "repo").check() }
            try sandbox.write("repo/dir/two", "changed")
            try sandbox.write("repo/new", "new")
            try await sandbox.git("add", "dir/two", "new")
            let expected = try await sandbox.git("ls-files", "-s").lines
            let index = try sandbox.open().index()
            #expect(listing(index) == expected)
            #expect(index.entry(at: "new") != nil)
            #expect(index.entry(at: "dir") == nil)
        }
    }

    @Test func foldersAreFoundByPrefix() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(Self.files)
            let index = try sandbox.open().index()
            #expect(index.entries(below: "dir").map(\.path) == ["dir/one", "dir/two"])
            #expect(index.entries(below: "").count == Self.files.count)
            #expect(index.entries(below: "no").isEmpty)
        }
    }

    @Test func oldUnchangedFilesAreProvenAndOthersAreNot() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(Self.files)
            for (path, _) in Self.files {
                try await sandbox.run("touch", ["-d", "1 hour ago", path], in: "repo").check()
            }
            try await sandbox.git("update-index", "--refresh")
            let index = try sandbox.open().index()
            for entry in index.entries {
                let status = try FileStatus.of(sandbox.path("repo").appending(entry.path))
                #expect(index.proves(entry, try #require(status)))
            }
            try sandbox.write("repo/a", "9")
            let entry = try #require(index.entry(at: "a"))
            let status = try #require(try FileStatus.of(sandbox.path("repo/a")))
            #expect(!index.proves(entry, status))
        }
    }

    @Test func aDamagedFileIsToldApart() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(Self.files)
            try sandbox.write("repo/.git/index", "DIRC rubbish that is no index at all, but long enough")
            let repository = try sandbox.open()
            let error = #expect(throws: GitError.self) { try repository.index() }
            #expect(error?.kind == .unreadableIndex)
        }
    }

    @Test func aSparseIndexIsRead() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(Self.files)
            try await sandbox.git("sparse-checkout", "set", "--cone", "--sparse-index", "dir")
            let index = try sandbox.open().index()
            #expect(index.needsGit)
            #expect(index.entry(at: "zz")?.isSparseDirectory ?? false)
            #expect(index.entry(at: "dir/one") != nil)
        }
    }

    @Test func withoutAnIndexFileThereAreNoEntries() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            #expect(try sandbox.open().index().entries.isEmpty)
        }
    }
}
