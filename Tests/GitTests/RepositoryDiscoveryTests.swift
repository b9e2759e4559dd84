import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct RepositoryDiscoveryTests {
    @Test func outsideOfARepositoryThereIsNone() async throws {
        try await Sandbox.with { sandbox in
            let found = try Repository.discover(from: sandbox.root, environment: sandbox.environment)
            #expect(found == nil)
        }
    }

    @Test func aSubfolderBelongsToTheRepositoryAboveIt() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["a/b/c": "x"])
            let repository = try sandbox.open("repo/a/b")
            let root = try Files.realPath(sandbox.path("repo"))
            #expect(repository.workTree == root)
            #expect(repository.gitDirectory == root.appending(".git"))
            #expect(!repository.isBare && !repository.isLinkedWorktree)
            #expect(repository.relativePath(of: sandbox.path("repo/a/b/c")) == "a/b/c")
        }
    }

    @Test func aLinkedWorktreeSharesTheCommonFolder() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try await sandbox.git("worktree", "add", "-q", "../other")
            let repository = try sandbox.open("other")
            let common = try Files.realPath(sandbox.path("repo/.git"))
            #expect(repository.commonDirectory == common)
            #expect(repository.gitDirectory == common.appending("worktrees").appending("other"))
            #expect(repository.isLinkedWorktree)
            let head = try await sandbox.git("rev-parse", "HEAD").lines
            #expect(try repository.resolve("HEAD")?.hexadecimal == head.first)
        }
    }

    @Test func aBareRepositoryHasNoWorkTree() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "--bare", "store.git", in: "")
            #expect(try sandbox.open("store.git").isBare)
            #expect(try sandbox.open("store.git/objects").isBare)
        }
    }

    @Test func gitDirOfTheEnvironmentWins() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try sandbox.write("elsewhere/file", "x")
            let git = sandbox.path("repo/.git").string
            let repository = try sandbox.open("elsewhere", environment: ["GIT_DIR": git])
            #expect(repository.gitDirectory.string == git)
            #expect(repository.workTree == (try Files.realPath(sandbox.path("elsewhere"))))
        }
    }

    @Test func aForeignRepositoryIsRefusedUnlessDeclaredSafe() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let foreign = ["GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"]
            let refused = #expect(throws: GitError.self) { try sandbox.open(environment: foreign) }
            #expect(refused?.kind == .notOwned)
            #expect(refused?.description.contains("detected dubious ownership in repository at") ?? false)
            let root = try Files.realPath(sandbox.path("repo")).string
            let folder = try Files.realPath(sandbox.root).string
            for value in ["*", root, folder + "/*"] {
                let allowed = [
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": value,
                ]
                _ = try sandbox.open(environment: foreign.merging(allowed) { $1 })
            }
            try await sandbox.git("config", "safe.directory", "*")
            #expect(throws: GitError.self) { try sandbox.open(environment: foreign) }
        }
    }

    @Test func formatsThatCannotBeReadAreNamed() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "--object-format=sha256", "other", in: "")
            let error = #expect(throws: GitError.self) { try sandbox.open("other") }
            #expect(error?.kind == .unsupported)
            #expect(error?.description.contains("sha256") ?? false)
        }
    }
}
