import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// What this program finds is what `git rev-parse` finds, over layouts and variables; Git is the judge.
@Suite struct DiscoveryTableTests {
    /// One folder to start in, and the variables that are set there.
    struct Row: CustomTestStringConvertible {
        let folder: String
        var variables: [String: String] = [:]
        var testDescription: String {
            folder + variables.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        }
    }

    /// ROOT in a value stands for the sandbox.
    static let rows: [Row] = [
        Row(folder: "plain"), Row(folder: "plain/sub"), Row(folder: "plain/.git"), Row(folder: "plain/.git/refs"),
        Row(folder: "linked"), Row(folder: "linked/sub"), Row(folder: "outside"), Row(folder: "bare.git"),
        Row(folder: "bare.git/refs"), Row(folder: "plain/.git/worktrees/linked"),
        Row(folder: "bareflag"), Row(folder: "moved"), Row(folder: "moved/sub"), Row(folder: "target"),
        Row(folder: "gitfile"), Row(folder: "gitfile/sub"), Row(folder: "link"), Row(folder: "broken"),
        Row(folder: "broken/sub"), Row(folder: "nowhere"),
        // Folders that look like Git folders, at the root of nothing and inside of a repository.
        Row(folder: "onlyhead/sub"), Row(folder: "garbage/sub"), Row(folder: "symref/sub"),
        Row(folder: "detached/sub"), Row(folder: "short/sub"), Row(folder: "norefs/sub"), Row(folder: "noobjects/sub"),
        Row(folder: "filerefs/sub"), Row(folder: "linkedhead/sub"), Row(folder: "strayhead/sub"),
        Row(folder: "folderhead/sub"), Row(folder: "plain/pseudo"), Row(folder: "plain/pseudo/sub"),
        // Variables, absolute and relative.
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/plain/.git"]),
        Row(folder: "", variables: ["GIT_DIR": "plain/.git"]),
        Row(folder: "", variables: ["GIT_DIR": "plain/.git", "GIT_WORK_TREE": "plain"]),
        Row(folder: "", variables: ["GIT_DIR": "linked/.git", "GIT_WORK_TREE": "linked"]),
        Row(folder: "plain/sub", variables: ["GIT_DIR": "../.git", "GIT_WORK_TREE": ".."]),
        Row(folder: "plain/.git", variables: ["GIT_DIR": ".", "GIT_WORK_TREE": ".."]),
        Row(folder: "plain/.git", variables: ["GIT_WORK_TREE": "ROOT/plain"]),
        Row(folder: "plain/sub", variables: ["GIT_WORK_TREE": "ROOT/plain"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/bare.git"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/bare.git", "GIT_WORK_TREE": "."]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/moved/.git"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/bareflag/.git", "GIT_WORK_TREE": "ROOT/outside"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/plain/.git", "GIT_IMPLICIT_WORK_TREE": "0"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/nowhere"]),
        Row(folder: "plain", variables: ["GIT_DIR": ""]),
        Row(folder: "plain", variables: ["GIT_DIR": "ROOT/garbage/.git"]),
        Row(folder: "moved", variables: ["GIT_WORK_TREE": "ROOT/outside"]),
        // How far the search goes.
        Row(folder: "plain/sub", variables: ["GIT_CEILING_DIRECTORIES": "ROOT/plain"]),
        Row(folder: "plain/sub", variables: ["GIT_CEILING_DIRECTORIES": "ROOT"]),
        Row(folder: "plain", variables: ["GIT_CEILING_DIRECTORIES": "ROOT/plain"]),
        Row(folder: "plain/sub", variables: ["GIT_CEILING_DIRECTORIES": "plain:../plain"]),
        Row(folder: "plain/sub", variables: ["GIT_CEILING_DIRECTORIES": "ROOT/link"]),
        Row(folder: "plain/sub", variables: ["GIT_CEILING_DIRECTORIES": ":ROOT/link"]),
        // What counts as a Git folder where objects or the common folder are named from outside.
        Row(folder: "noobjects/sub", variables: ["GIT_OBJECT_DIRECTORY": "ROOT/plain/.git/objects"]),
        Row(folder: "plain/sub", variables: ["GIT_OBJECT_DIRECTORY": "ROOT/nowhere"]),
        Row(folder: "outside", variables: ["GIT_DIR": "ROOT/onlyhead/.git", "GIT_COMMON_DIR": "ROOT/plain/.git"]),
        // Trust.
        Row(folder: "plain/sub", variables: ["GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"]),
        Row(folder: "outside", variables: ["GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_DIR": "ROOT/plain/.git"]),
        Row(
            folder: "bare.git",
            variables: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.bareRepository", "GIT_CONFIG_VALUE_0": "explicit",
            ]),
        Row(
            folder: "bare.git",
            variables: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.bareRepository", "GIT_CONFIG_VALUE_0": "explicit",
                "GIT_DIR": ".",
            ]),
    ]

    @Test func everyRowAgreesWithGit() async throws {
        try await Sandbox.with { sandbox in
            try await Self.makeLayouts(sandbox)
            let root = try Files.realPath(sandbox.root)
            var count = 0
            for row in Self.rows {
                let variables = row.variables.mapValues { $0.replacing("ROOT", with: root.string) }
                let folder = row.folder.isEmpty ? root : root.pushing(FilePath(row.folder))
                let expected = try await Self.askGit(sandbox, folder, variables)
                let found = try? RepositoryPlace.find(
                    from: folder, environment: sandbox.environment.merging(variables) { $1 })
                #expect(Self.lines(found ?? nil) == expected, "\(row.testDescription)")
                if expected != nil { count += 1 }
            }
            // Git itself finds a repository in most rows, and none in the others.
            #expect(count > 30 && count < Self.rows.count - 10)
        }
    }

    /// Children that are started elsewhere see the same repository, index and objects.
    @Test func theEnvironmentOfAChildMeansTheSameInEveryFolder() async throws {
        try await Sandbox.with { sandbox in
            try await Self.makeLayouts(sandbox)
            let root = try Files.realPath(sandbox.root)
            let rows = [
                Row(folder: "plain/sub", variables: ["GIT_INDEX_FILE": ".git/other"]),
                Row(folder: "", variables: ["GIT_DIR": "plain/.git", "GIT_WORK_TREE": "plain"]),
                Row(folder: "plain/sub", variables: ["GIT_DIR": "../.git", "GIT_WORK_TREE": ".."]),
                Row(folder: "moved/sub"), Row(folder: "plain/.git/refs"), Row(folder: "bare.git/refs"),
                Row(
                    folder: "plain",
                    variables: [
                        "GIT_OBJECT_DIRECTORY": "../bare.git/objects",
                        "GIT_ALTERNATE_OBJECT_DIRECTORIES": ".git/objects:\"../a\\\"b\"",
                    ]),
            ]
            for row in rows {
                let folder = row.folder.isEmpty ? root : root.pushing(FilePath(row.folder))
                let place = try RepositoryPlace.find(
                    from: folder, environment: sandbox.environment.merging(row.variables) { $1 })
                let found = try #require(place)
                let here = try await Self.askGit(sandbox, folder, row.variables)
                let there = found.workTree ?? found.gitDirectory
                let elsewhere = try await Self.askGit(sandbox, there, found.environment)
                #expect(here == elsewhere, "\(row.testDescription)")
                for (name, value) in found.environment where row.variables[name] != nil && name != "GIT_DIR" {
                    #expect(value.hasPrefix("/"), "\(name)=\(value)")
                }
            }
        }
    }

    @Test func aRelativeIndexFileIsSeenFromTheTopOfTheWorkTree() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["sub/a": "x"])
            let index = ["GIT_INDEX_FILE": ".git/index"]
            let root = try Files.realPath(sandbox.path("repo"))
            #expect(try sandbox.open("repo/sub", environment: index).indexPath == root.appending(".git/index"))
            #expect(try sandbox.open("repo/sub", environment: index).index().entries.count == 1)
        }
    }

    @Test func aBareRepositoryInAWorkTreeIsUsedOnlyByGitDir() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository()
            try await sandbox.git("init", "-q", "--bare", "inner")
            for folder in ["repo/inner", "repo/inner/refs"] {
                let error = #expect(throws: GitError.self) { try sandbox.open(folder) }
                #expect(error?.description.contains("it lies in the work tree") ?? false)
            }
            let inner = sandbox.path("repo/inner").string
            #expect(try sandbox.open("repo/inner", environment: ["GIT_DIR": "."]).gitDirectory.string == inner)
            // The Git folder itself and what lies in it are no such thing; nor is a worktree's folder.
            #expect(try sandbox.open("repo/.git/refs").isBare)
            let safe = [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.bareRepository", "GIT_CONFIG_VALUE_0": "explicit",
            ]
            #expect(try sandbox.open("repo/.git", environment: safe).isBare)
        }
    }

    /// Where Git itself takes the folder of such a hook for the root.
    @Test func aHookOfALinkedWorktreeMayChangeTheFolder() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["sub/a": "x"])
            try await sandbox.git("worktree", "add", "-q", "../other")
            let linked = try sandbox.open("other")
            let hook = ["GIT_DIR": linked.gitDirectory.string]
            for folder in ["other", "other/sub"] {
                #expect(try sandbox.open(folder, environment: hook).workTree == linked.workTree)
            }
            // Of a `.git` that is a folder Git's rule holds, and of another one.
            let sub = try Files.realPath(sandbox.path("repo/sub"))
            for directory in [hook["GIT_DIR"], sandbox.path("repo/.git").string] {
                #expect(try sandbox.open("repo/sub", environment: ["GIT_DIR": directory ?? ""]).workTree == sub)
            }
        }
    }

    @Test func theLibraryReadsTheObjectsOfTheNamedFolder() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["a": "x"])
            let commit = try await sandbox.git("rev-parse", "HEAD").lines[0]
            try await sandbox.git("init", "-q", "empty", in: "")
            try await sandbox.git("init", "-q", "borrower", in: "")
            for variables in [
                ["GIT_OBJECT_DIRECTORY": "../repo/.git/objects"],
                ["GIT_ALTERNATE_OBJECT_DIRECTORIES": "../repo/.git/objects"],
            ] {
                #expect(try sandbox.open("empty", environment: variables).resolve(commit) != nil)
            }
            #expect(try sandbox.open("empty").resolve(commit) == nil)
        }
    }

    // MARK: Layouts

    private static func makeLayouts(_ sandbox: Sandbox) async throws {
        try await sandbox.git("init", "-q", "plain", in: "")
        try sandbox.write("plain/sub/a", "x")
        try await sandbox.git("add", "-A", in: "plain")
        try await sandbox.git("commit", "-qm", "first", in: "plain")
        try await sandbox.git("worktree", "add", "-q", "../linked", in: "plain")
        try await sandbox.git("init", "-q", "--bare", "bare.git", in: "")
        try await sandbox.git("init", "-q", "bareflag", in: "")
        try await sandbox.git("config", "core.bare", "true", in: "bareflag")
        try sandbox.write("target/a", "x")
        try await sandbox.git("init", "-q", "moved", in: "")
        try sandbox.write("moved/sub/a", "x")
        try await sandbox.git("config", "core.worktree", "../../target", in: "moved")
        try await sandbox.git("init", "-q", "--separate-git-dir", "../store", "gitfile", in: "")
        try sandbox.write("gitfile/sub/a", "x")
        try sandbox.write("outside/a", "x")
        try sandbox.write("broken/.git", "gitdir: ../onlyhead/.git\n")
        try sandbox.write("broken/sub/a", "x")
        try sandbox.write("nowhere/.git", "something else\n")
        try await sandbox.run("ln", ["-s", "plain", "link"]).check()
        let id = String(repeating: "0123456789", count: 4)
        for (name, head) in [
            ("onlyhead", "ref: refs/heads/main\n"), ("garbage", "garbage\n"), ("symref", "ref:\trefs/heads/x\n"),
            ("detached", id + "\n"), ("short", "0123456789\n"), ("norefs", "ref: refs/heads/main\n"),
            ("noobjects", "ref: refs/heads/main\n"), ("filerefs", "ref: refs/heads/main\n"),
        ] {
            try sandbox.write("\(name)/.git/HEAD", head)
            try sandbox.write("\(name)/sub/a", "x")
            if !["onlyhead", "noobjects"].contains(name) { try sandbox.write("\(name)/.git/objects/keep", "") }
            if name == "filerefs" { try sandbox.write("\(name)/.git/refs", "") }
            if !["onlyhead", "norefs", "filerefs"].contains(name) { try sandbox.write("\(name)/.git/refs/keep", "") }
        }
        for (name, target) in [("linkedhead", "refs/heads/none"), ("strayhead", "../plain/.git/HEAD")] {
            for part in ["objects", "refs"] { try sandbox.write("\(name)/.git/\(part)/keep", "") }
            try sandbox.write("\(name)/sub/a", "x")
            try await sandbox.run("ln", ["-s", target, "\(name)/.git/HEAD"]).check()
        }
        for part in ["HEAD", "objects", "refs"] { try sandbox.write("folderhead/.git/\(part)/keep", "") }
        try sandbox.write("folderhead/sub/a", "x")
        for part in ["objects", "refs"] { try sandbox.write("plain/pseudo/\(part)/keep", "") }
        try sandbox.write("plain/pseudo/HEAD", "garbage\n")
        try sandbox.write("plain/pseudo/sub/a", "x")
    }

    /// Git folder, common folder, work tree and index, as Git says; nil where it finds no repository.
    private static func askGit(
        _ sandbox: Sandbox, _ folder: FilePath, _ variables: [String: String]
    ) async throws -> [String]? {
        let extra = variables.mapValues { Optional($0) }
        func ask(_ words: String...) async throws -> String? {
            let result = try await sandbox.run("git", ["rev-parse"] + words, in: folder.string, environment: extra)
            return result.status == 0 ? result.lines.first ?? "" : nil
        }
        guard let directory = try await ask("--absolute-git-dir"), let common = try await ask("--git-common-dir") else {
            return nil
        }
        let top = try await ask("--show-toplevel")
        func real(_ text: String?, in base: FilePath) -> String {
            let path = FilePath(text ?? "")
            let whole = path.isAbsolute ? path : base.pushing(path)
            return ((try? Files.realPath(whole)) ?? whole.lexicallyNormalized()).string
        }
        return [
            real(directory, in: folder), real(common, in: folder), top.map { real($0, in: folder) } ?? "none",
            real(try await ask("--git-path", "index"), in: folder),
        ]
    }

    private static func lines(_ place: RepositoryPlace?) -> [String]? {
        guard let place, let repository = try? Repository(place) else { return nil }
        func real(_ path: FilePath) -> String { ((try? Files.realPath(path)) ?? path).string }
        return [
            real(place.gitDirectory), real(place.commonDirectory), place.workTree.map { real($0) } ?? "none",
            real(repository.indexPath),
        ]
    }
}
