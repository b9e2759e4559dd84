import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct GitConfigurationTests {
    /// The entries as `git config --list -z` prints them.
    private func listed(_ sandbox: Sandbox, _ extra: [String: String?] = [:]) async throws -> [String] {
        try await sandbox.run("git", ["config", "--list", "-z", "--includes"], in: "repo", environment: extra).check()
            .output.split(separator: "\0").map(String.init)
    }

    private func read(_ repository: Repository) throws -> [String] {
        try repository.configuration().entries.map { entry in entry.name + (entry.value.map { "\n" + $0 } ?? "") }
    }

    @Test func everyLevelAndIncludeAgreesWithGit() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let root = sandbox.path("repo").string
            try sandbox.write(
                "home/.gitconfig",
                """
                [init] defaultBranch = main
                # comment
                [Alias "a.B"]\tx = "quoted # text ; here"  ; comment
                \ty=a\\tb\\\\ \\"q\\" tail   \n\tflag
                \tlong = one \\
                two
                [include]\n\tpath = more.inc
                [includeIf "gitdir:\(root)/"]\n\tpath = yes1.inc
                [includeIf "gitdir:nowhere/"]\n\tpath = no.inc
                [includeIf "onbranch:mai*"]\n\tpath = ~/yes2.inc
                [includeIf "hasconfig:remote.*.url:https://h.example/**"]\n\tpath = yes3.inc
                [section.Sub] Key=1

                """)
            for name in ["more", "yes1", "yes2", "yes3", "no"] {
                try sandbox.write("home/\(name).inc", "[from]\n\t\(name) = true\n")
            }
            try await sandbox.git("config", "remote.origin.url", "https://h.example/a/b.git")
            try await sandbox.git("config", "extensions.worktreeConfig", "true")
            try await sandbox.git("config", "--worktree", "here.only", "1")
            #expect(try read(sandbox.open()) == (try await listed(sandbox)))
        }
    }

    @Test func environmentLevelsAgreeWithGit() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            let extra = [
                "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "Core.Editor", "GIT_CONFIG_VALUE_0": "ed",
                "GIT_CONFIG_KEY_1": "lfs.URL", "GIT_CONFIG_VALUE_1": "x=y",
                "GIT_CONFIG_PARAMETERS": "'a.b'='it'\\''s' 'c.d=old style' 'e.f'=",
            ]
            let expected = try await listed(sandbox, extra)
            let repository = try sandbox.open(environment: extra)
            #expect(try read(repository) == expected)
            #expect(try repository.configuration().string("a.b") == "it's")
            #expect(try repository.configuration().bool("e.f") == true)
            #expect(try repository.configuration().bool("core.bare") == false)
        }
    }

    @Test func theSystemLevelCanBeSwitchedOff() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try sandbox.write("system", "[some] key = 1\n")
            let system = ["GIT_CONFIG_SYSTEM": sandbox.path("system").string]
            #expect(try sandbox.open(environment: system).configuration().string("some.key") == "1")
            let off = system.merging(["GIT_CONFIG_NOSYSTEM": "1"]) { $1 }
            #expect(try sandbox.open(environment: off).configuration().string("some.key") == nil)
        }
    }

    @Test func aBrokenFileNamesItsLine() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try sandbox.write("repo/.git/config", "[core]\n\tbare = false\n[oops\n")
            let error = #expect(throws: GitError.self) { try sandbox.open() }
            #expect(error?.description.contains("bad config line 3 in file") ?? false)
        }
    }

    @Test func subsectionsGiveTheNameBetween() {
        let configuration = GitConfiguration(entries: [])
        #expect(configuration.subsections(of: "remote", variable: "url").isEmpty)
    }
}
