import Foundation
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Which files are in scope: rules 21 to 30.
@Suite struct ScopeTests {
    @Test func readsNoContextWithoutAContextSource() async throws {
        let dockerfile =
            "FROM scratch AS a\nCOPY x /\nFROM scratch\nCOPY --from=a /x /x\nADD https://example.org/f /f\n"
        try await Project.with(["x": "1", "y": "2"], dockerfile: dockerfile) { (project) async throws in
            #expect(try project.inputs().paths == ["x"])
            try project.write("Dockerfile", "FROM scratch\nADD https://example.org/f /f\n")
            let before = try project.inputs()
            #expect(before.paths == [])
            try project.write("y", "3")
            #expect(try project.key() == before.key.hexadecimal)
        }
    }

    @Test(arguments: [
        ("COPY a /", ["a"]), ("COPY sub /", ["sub/b", "sub/deep/c.txt"]), ("COPY sub/ /", ["sub/b", "sub/deep/c.txt"]),
        ("COPY /sub/./deep/../b /", ["sub/b"]), ("COPY ../../a /", ["a"]), ("COPY s*/deep /", ["sub/deep/c.txt"]),
        ("COPY *.txt a /", ["a", "d.txt"]), ("COPY s?b /", ["sub/b", "sub/deep/c.txt"]),
        ("COPY [a-c] /", ["a"]), ("COPY nothing* a /", ["a"]), ("COPY */*.txt a /", ["a"]),
        ("COPY . /", ["Dockerfile", "a", "d.txt", "sub/b", "sub/deep/c.txt"]),
        ("COPY --exclude=deep sub /", ["sub/b"]),
        ("COPY --exclude=*.txt . /", ["Dockerfile", "a", "sub/b", "sub/deep/c.txt"]),
        ("COPY --exclude=**/*.txt . /", ["Dockerfile", "a", "sub/b"]),
        ("COPY --exclude=a --exclude=*.txt a *.txt /", ["a", "d.txt"]),
        ("COPY --exclude=c.txt sub/* /", ["sub/b"]), ("COPY --exclude=sub sub /", ["sub/b", "sub/deep/c.txt"]),
        ("COPY --parents --exclude=deep sub /", ["sub/b", "sub/deep/c.txt"]),
        ("COPY --parents --exclude=sub/deep --exclude=a sub a d.txt /", ["d.txt", "sub/b"]),
        ("COPY --parents --exclude=deep sub/./deep sub/./b /", ["sub/b"]),
        ("COPY --parents --exclude=deep s*/./deep /", ["sub/deep/c.txt"]),
        ("COPY --parents sub/deep/c.txt a /", ["a", "sub/deep/c.txt"]),
        ("COPY --parents **/c.txt /", ["sub/deep/c.txt"]),
        ("RUN --mount=type=bind,source=sub,target=/s true", ["sub/b", "sub/deep/c.txt"]),
        ("RUN --mount=type=bind,target=/s true", ["Dockerfile", "a", "d.txt", "sub/b", "sub/deep/c.txt"]),
        ("RUN --mount=type=cache,target=/s true", []),
    ])
    func takesWhatTheSourcesName(instruction: String, paths: [String]) async throws {
        let files = ["a": "1", "d.txt": "2", "sub/b": "3", "sub/deep/c.txt": "4"]
        let dockerfile = "# syntax=docker/dockerfile:1-labs\nFROM scratch\n\(instruction)\n"
        try await Project.with(files, dockerfile: dockerfile) { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.paths == paths)
            #expect(!inputs.record.isOpaque)
        }
    }

    @Test func namesTheLineOfAMissingSource() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a /\nCOPY nowhere /\n") {
            (project) async throws in
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.kind == .recipe)
            #expect(error?.description == "cannot copy nowhere (Dockerfile:3): the context . has no such file")
        }
    }

    @Test func warnsWhenAWildcardMatchesNothing() async throws {
        try await Project.with(["a": "1"], dockerfile: "FROM scratch\nCOPY a *.none /\n") { (project) async throws in
            #expect(try project.inputs().warnings.contains { $0.contains("Dockerfile:2: *.none matches nothing") })
        }
    }

    @Test func prefersTheIgnoreFileOfTheDockerfile() async throws {
        let files = ["a": "1", "b": "2", "c": "3", "d": "4"]
        try await Project.with(files) { (project) async throws in
            func taken() throws -> [String] { try project.inputs().paths.filter { $0.count == 1 } }
            #expect(try taken() == ["a", "b", "c", "d"])
            try project.write(".containerignore", "d\n")
            #expect(try taken() == ["a", "b", "c"])
            try project.write(".dockerignore", "c\n")
            #expect(try taken() == ["a", "b", "d"])
            #expect(try project.inputs().warnings.contains { $0.contains(".containerignore differ") })
            try project.write("Dockerfile.containerignore", "b\n")
            #expect(try taken() == ["a", "c", "d"])
            try project.write("Dockerfile.dockerignore", "")
            #expect(try taken() == ["a", "b", "c", "d"])
        }
    }

    @Test func matchesIgnorePatternsAsBuildersDo() async throws {
        let files = ["a.py": "1", "sub/b.py": "2", "sub/c.txt": "3", "keep/d.txt": "4", "#x": "5"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY . /\n") { (project) async throws in
            func taken(_ ignore: String) throws -> [String] {
                try project.write(".dockerignore", "\u{FEFF}Dockerfile\r\n.dockerignore\n" + ignore)
                return try project.inputs().paths
            }
            #expect(try taken("*.py\n") == ["#x", "keep/d.txt", "sub/b.py", "sub/c.txt"])
            #expect(try taken("**/*.py\n") == ["#x", "keep/d.txt", "sub/c.txt"])
            #expect(try taken("/sub/\n") == ["#x", "a.py", "keep/d.txt"])
            #expect(try taken("*\n!keep\n") == ["keep/d.txt"])
            #expect(try taken("**\n!**/*.py\n") == ["a.py", "sub/b.py"])
            #expect(try taken("sub\n!sub/c.txt\n") == ["#x", "a.py", "keep/d.txt", "sub/c.txt"])
            #expect(try taken(" #x\n") == ["a.py", "keep/d.txt", "sub/b.py", "sub/c.txt"])
            #expect(try taken("#x\n").contains("#x"))
            #expect(inputsError { _ = try taken("!\n") }?.kind == .recipe)
            #expect(inputsError { _ = try taken("[\n") }?.kind == .recipe)
        }
    }

    @Test func leavesTheIgnoreFileOutUnlessItIsCopied() async throws {
        try await Project.with(["src/a": "1", ".dockerignore": "tmp\n"], dockerfile: "FROM scratch\nCOPY src /\n") {
            (project) async throws in
            let key = try project.key()
            try project.write(".dockerignore", "other\n# comment\n")
            #expect(try project.key() == key)
            try project.write("Dockerfile", "FROM scratch\nCOPY . /\n")
            let whole = try project.key()
            try project.write(".dockerignore", "other\n")
            #expect(try project.key() != whole)
        }
    }

    @Test func neverTakesGitFoldersOrTheCache() async throws {
        try await Project.with(["a": "1", "docker-cache/x.tar": "t", "sub/docker-cache/y": "2"]) {
            (project) async throws in
            try project.write("sub/.git", "gitdir: nowhere\n")
            let inputs = try project.inputs()
            #expect(inputs.paths == ["Dockerfile", "a", "sub/docker-cache/y"])
            try project.write("Dockerfile", "FROM scratch\nCOPY .git/HEAD /\n")
            #expect(inputsError { _ = try project.inputs() }?.description.contains(".git is never an input") == true)
            try project.write("Dockerfile", "FROM scratch\nCOPY docker-cache/x.tar /\n")
            #expect(inputsError { _ = try project.inputs() }?.kind == .recipe)
        }
    }

    @Test func takesWhatAFreshCloneWouldHold() async throws {
        let files = ["a": "1", ".gitignore": "*.pyc\n.venv/\n.env\n"]
        try await Project.with(files) { (project) async throws in
            let key = try project.key()
            try project.write("a.pyc", "x")
            try project.write(".venv/lib/b", "x")
            try project.write(".env", "SECRET=1")
            let inputs = try project.inputs()
            #expect(inputs.key.hexadecimal == key)
            #expect(inputs.warnings.contains { $0.contains("3 git-ignored paths are left out") })
            #expect(try project.inputs { $0.contextFiles = .worktree }.paths.contains(".venv/lib/b"))
            #expect(
                try project.inputs { $0.includeIgnored = [".venv"] }.paths == [
                    ".gitignore", ".venv/lib/b", "Dockerfile", "a",
                ])
            #expect(try project.inputs { $0.includeIgnored = ["**/*.pyc"] }.paths.contains("a.pyc"))
            try project.write("new", "x")
            let untracked = try project.inputs()
            #expect(untracked.paths.contains("new"))
            #expect(
                untracked.warnings.contains(
                    "1 in-scope file is not in Git: a fresh clone cannot reproduce this key (new)"))
            try await project.git("add", "new")
            #expect(try project.key() == untracked.key.hexadecimal)
        }
    }

    @Test func refusesALiteralSourceThatIsGitIgnored() async throws {
        let files = [".gitignore": "secret\n"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY secret /\n") { (project) async throws in
            try project.write("secret", "x")
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.kind == .recipe)
            #expect(error?.hint?.contains("includeIgnored") == true)
            #expect(try project.inputs { $0.includeIgnored = ["secret"] }.paths == ["secret"])
            #expect(try project.inputs { $0.contextFiles = .worktree }.paths == ["secret"])
            try await project.git("add", "-f", "secret")
            #expect(try project.inputs().paths == ["secret"])
        }
    }

    @Test func keepsTrackedFilesBelowAnIgnoredFolder() async throws {
        try await Project.with([".gitignore": "build/\n", "a": "1"]) { (project) async throws in
            try project.write("build/kept", "1")
            try project.write("build/left", "2")
            try await project.git("add", "-f", "build/kept")
            #expect(try project.inputs().paths == [".gitignore", "Dockerfile", "a", "build/kept"])
        }
    }

    @Test func readsTheFilesOfASubmodule() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            try project.sandbox.write("other/lib/x", "1")
            try project.sandbox.write("other/.gitignore", "*.o\n")
            try await project.sandbox.run("git", ["init", "-q"], in: "other").check()
            try await project.sandbox.run("git", ["add", "-A"], in: "other").check()
            try await project.sandbox.run("git", ["commit", "-qm", "x"], in: "other").check()
            try await project.git(
                "-c", "protocol.file.allow=always", "submodule", "add", "-q", project.sandbox.path("other").string,
                "mod")
            try project.write("mod/y.o", "x")
            #expect(
                try project.inputs().paths == [
                    ".gitmodules", "Dockerfile", "a", "mod/.gitignore", "mod/lib/x",
                ])
            try project.write("Dockerfile", "FROM scratch\nCOPY mod/lib /\n")
            #expect(try project.inputs().paths == ["mod/lib/x"])
            try await project.git("submodule", "deinit", "-f", "-q", "mod")
            try project.write("Dockerfile", "FROM scratch\nCOPY . /\n")
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.hint == "git submodule update --init -- mod")
        }
    }

    @Test func refusesHolesOfASparseCheckout() async throws {
        try await Project.with(["in/a": "1", "out/b": "2"]) { (project) async throws in
            try await project.git("sparse-checkout", "set", "--cone", "in")
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.hint == "git sparse-checkout add out")
            try project.write("Dockerfile", "FROM scratch\nCOPY in /\n")
            #expect(try project.inputs().paths == ["in/a"])
        }
    }

    @Test func refusesUnmergedPathsInScopeOnly() async throws {
        try await Project.with(["a": "1", "b": "1"]) { (project) async throws in
            try await project.git("checkout", "-qb", "side")
            try project.write("a", "2")
            try await project.commit()
            try await project.git("checkout", "-q", "main")
            try project.write("a", "3")
            try await project.commit()
            _ = try await project.sandbox.run("git", ["merge", "side"], in: project.folder)
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.description == "cannot use a as an input: a merge left it unresolved")
            try project.write("Dockerfile", "FROM scratch\nCOPY b /\n")
            #expect(try project.inputs().paths == ["b"])
        }
    }

    @Test func worksOutsideOfARepository() async throws {
        try await Project.with(["a": "1", ".gitignore": "a\n"], git: false) { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.paths == [".gitignore", "Dockerfile", "a"])
            #expect(inputs.record.git == .null)
        }
    }
}

/// The state of the repository as an input: `keepGitDir`, rule 28.
@Suite struct GitFolderTests {
    @Test func countsTheNewestCommitThatIsNotOneOfTheCache() async throws {
        try await Project.with(["a": "1", "b": "2"], dockerfile: "FROM scratch\nCOPY a .git /x/\n") {
            (project) async throws in
            func key() throws -> String { try project.key { $0.keepGitDirectory = true } }
            let first = try key()
            try project.write("docker-cache/demo-latest.md5", "x")
            try project.write(".gitattributes", "docker-cache/*.tar filter=lfs\n")
            #expect(try key() == first)
            try await project.commit()
            #expect(try key() == first)
            try project.write("b", "3")
            let dirty = try key()
            #expect(dirty != first)
            try await project.commit()
            let second = try key()
            #expect(second != dirty)
            try await project.git("commit", "-q", "--allow-empty", "-m", "empty")
            #expect(try key() == second)
        }
    }

    @Test func stagesARepositoryThatGitCanRead() async throws {
        try await Project.with(["a": "1"]) { (project) async throws in
            try await project.git("tag", "-a", "v1", "-m", "v1")
            let image = try project.image { $0.keepGitDirectory = true }
            #expect(!image.inputs.paths.contains { $0.hasPrefix(".git/") })
            let context = try project.stage(image)
            let described = try await project.sandbox.run(
                "git", ["-c", "safe.directory=*", "describe", "--dirty"], in: context.directory.string,
                environment: ["GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"])
            #expect(described.output == "v1\n", "\(described)")
            let plain = try project.stage(try project.image())
            #expect(!FileManager.default.fileExists(atPath: plain.directory.string + "/.git"))
        }
    }
}
