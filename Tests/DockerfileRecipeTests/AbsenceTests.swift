import Foundation
import Git
import SystemCalls
import TestSupport
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Tracked files that are not in the work tree although nobody removed them: rule 30.
@Suite struct AbsenceTests {
    /// Why `out/a` and `out/deep/b` are absent.
    enum Cause: String, CaseIterable {
        case cone, patterns, sparseIndex, skipped, submodule, unmerged

        var reason: String {
            switch self {
            case .cone, .patterns, .sparseIndex: "the sparse checkout leaves it out"
            case .skipped: "it is not checked out (skip-worktree)"
            case .submodule: "the submodule is not checked out"
            case .unmerged: "a merge left it unresolved"
            }
        }

        /// The beginning of the command that brings the file.
        var hint: String {
            switch self {
            case .cone, .sparseIndex: "git sparse-checkout add out"
            case .patterns: "git sparse-checkout add /out"
            case .skipped: "git update-index --no-skip-worktree -- out/"
            case .submodule: "git submodule update --init -- out"
            case .unmerged: "resolve it, then git add -- out/"
            }
        }
    }

    private static let files = ["in/x.md": "1", "out/a": "2", "out/deep/b.txt": "3", "z": "4"]

    /// Takes `out` away from a project.
    static func remove(_ project: Project, by cause: Cause) async throws {
        switch cause {
        case .cone: try await project.git("sparse-checkout", "set", "--cone", "in", "docker-cache")
        case .patterns: try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/out/")
        case .sparseIndex:
            try await project.git("sparse-checkout", "set", "--cone", "--sparse-index", "in", "docker-cache")
        case .skipped:
            try await project.git("update-index", "--skip-worktree", "out/a", "out/deep/b.txt")
            try project.remove("out")
        case .submodule:
            try await project.git("submodule", "deinit", "-f", "-q", "out")
        case .unmerged:
            try await project.git("checkout", "-qb", "side")
            try project.write("out/a", "5")
            try project.write("out/deep/b.txt", "6")
            try await project.commit()
            try await project.git("checkout", "-q", "main")
            try await project.git("rm", "-rq", "out")
            try await project.commit()
            _ = try await project.sandbox.run("git", ["merge", "-q", "side"], in: project.folder)
            try project.remove("out")
        }
        try project.settle()
    }

    /// Runs `body` with a project that tracks `out`, as a submodule where that is the cause.
    static func with(
        _ cause: Cause, dockerfile: String, files: [String: String] = [:], _ body: (Project) async throws -> Void
    ) async throws {
        let all = Self.files.merging(files) { $1 }
        let own = cause == .submodule ? all.filter { !$0.key.hasPrefix("out/") } : all
        try await Project.with(own, dockerfile: "# syntax=docker/dockerfile:1-labs\nFROM scratch\n\(dockerfile)\n") {
            (project) async throws in
            if cause == .submodule {
                for (name, text) in all where name.hasPrefix("out/") {
                    try project.sandbox.write("other/\(name.dropFirst(4))", text)
                }
                try await addSubmodule("other", to: project, at: "out")
            }
            try await body(project)
        }
    }

    /// Makes a repository of a folder, and adds it as a submodule.
    static func addSubmodule(_ folder: String, to project: Project, at place: String) async throws {
        let sandbox = project.sandbox
        try await sandbox.run("git", ["init", "-q"], in: folder).check()
        try await sandbox.run("git", ["add", "-A"], in: folder).check()
        try await sandbox.run("git", ["commit", "-qm", "x"], in: folder).check()
        try await project.git(
            "-c", "protocol.file.allow=always", "submodule", "add", "-q", sandbox.path(folder).string, place)
        try await project.commit()
    }

    private static func dockerfile(_ instruction: String) -> String {
        "# syntax=docker/dockerfile:1-labs\nFROM scratch\n\(instruction)\n"
    }

    private static let takingInstructions = [
        "COPY . /s/", "COPY out /s", "COPY out/ /s/", "COPY out/a /s/a", "COPY out/* /s/", "COPY z o*/* /s/",
        "COPY out/[a] /s/", "COPY */a /s/", "COPY o* /s/", "COPY out/deep /s/", "COPY out/*/*.txt /s/",
        "COPY out/deep/b.* /s/", "ADD out/deep/b.txt /s/", "COPY --exclude=*.md . /s/", "COPY --exclude=a out /s/",
        "COPY --exclude=out/* --exclude=!out/a . /s/", "COPY --parents out/*/b.txt /s/", "COPY --parents out/deep /s/",
        "COPY --parents **/*.txt /s/", "RUN --mount=type=bind,source=out,target=/s true",
        "RUN --mount=type=bind,target=/s true", "RUN --mount=type=bind,source=out/a,target=/a true", "COPY link /s/",
        "COPY lin[k] /s/",
    ]

    @Test(arguments: Cause.allCases) func refusesWhatCounts(cause: Cause) async throws {
        try await Self.with(cause, dockerfile: "COPY z /") { (project) async throws in
            try project.link("link", to: "out")
            try await project.commit()
            for instruction in Self.takingInstructions {
                try project.write("Dockerfile", Self.dockerfile(instruction))
                let full = try project.inputs()
                #expect(!full.record.isOpaque && full.paths.contains { $0.contains("/") }, "\(instruction)")
            }
            try await Self.remove(project, by: cause)
            for instruction in Self.takingInstructions {
                try project.write("Dockerfile", Self.dockerfile(instruction))
                let error = inputsError { _ = try project.inputs() }
                let text = "\(instruction): \(String(describing: error))"
                #expect(error?.kind == .recipe, "\(text)")
                #expect(error?.description.hasPrefix("cannot use out") == true, "\(text)")
                #expect(error?.description.contains("as an input: \(cause.reason)") == true, "\(text)")
                #expect(error?.hint?.hasPrefix(cause.hint) == true, "\(text)")
            }
        }
    }

    private static let otherForms = [
        ("COPY in /s/", ""), ("COPY in/* z /s/", ""), ("COPY --exclude=out . /s/", ""),
        ("COPY --exclude=out/** --exclude=out . /s/", ""), ("COPY --parents **/*.md /s/", "out\n"),
        ("COPY . /s/", "out\n"), ("COPY . /s/", "*\n!in\n"), ("COPY */* /s/", "out/**\n"), ("COPY z i* /s/", ""),
        ("RUN --mount=type=bind,source=in,target=/s true", ""), ("COPY . /s/", "out\n!out/none\n!in\n"),
    ]

    @Test(arguments: Cause.allCases) func ignoresWhatDoesNotCount(cause: Cause) async throws {
        try await Self.with(cause, dockerfile: "COPY z /") { (project) async throws in
            // Of a submodule it is not known that it does not hold the exception.
            let forms = Self.otherForms.filter { cause != .submodule || !$0.1.contains("!out") }
            var keys: [String] = []
            func key(_ instruction: String, _ ignore: String) throws -> String {
                try project.write("Dockerfile", Self.dockerfile(instruction))
                try project.write(".dockerignore", ignore + ".git*\n.dockerignore\n")
                return try project.key()
            }
            for (instruction, ignore) in forms { keys.append(try key(instruction, ignore)) }
            try await Self.remove(project, by: cause)
            for ((instruction, ignore), before) in zip(forms, keys) {
                #expect(throws: Never.self, "\(instruction) \(ignore)") {
                    #expect(try key(instruction, ignore) == before, "\(instruction) \(ignore)")
                    _ = try project.stage(try project.image())
                }
            }
        }
    }

    @Test(arguments: Cause.allCases) func refusesDeclaredInputs(cause: Cause) async throws {
        try await Self.with(cause, dockerfile: "COPY z /z") { (project) async throws in
            let key = try project.key { $0.inputs = ["z", "in/*"] }
            try await Self.remove(project, by: cause)
            for globs in [["out"], ["out/*"], ["**/*.txt"], ["out/a"], ["z", "out/deep"]] {
                let error = inputsError { _ = try project.key { $0.inputs = globs } }
                let text = "\(globs): \(String(describing: error))"
                #expect(error?.description.contains("as an input: \(cause.reason)") == true, "\(text)")
                #expect(error?.hint?.hasPrefix(cause.hint) == true, "\(text)")
            }
            #expect(try project.key { $0.inputs = ["z", "in/*"] } == key)
        }
    }

    @Test(arguments: Cause.allCases) func refusesInOpaqueModeAndUnderIncludedExceptions(cause: Cause) async throws {
        try await Self.with(cause, dockerfile: "COPY . /s", files: [".dockerignore": "*\n!z\n!out/deep\n"]) {
            (project) async throws in
            #expect(try project.inputs().paths == ["out/deep/b.txt", "z"])
            try await Self.remove(project, by: cause)
            for isOpaque in [false, true] {
                let error = inputsError { _ = try project.inputs { $0.hasNamedContexts = isOpaque } }
                #expect(error?.description.contains(cause.reason) == true)
            }
            #expect(inputsError { _ = try project.inputs { $0.includeIgnored = ["out/**"] } } != nil)
        }
    }

    @Test func namesTheFirstFileAndTheNumberOfOthers() async throws {
        try await Self.with(.cone, dockerfile: "COPY . /s/") { (project) async throws in
            try await Self.remove(project, by: .cone)
            let error = inputsError { _ = try project.inputs() }
            #expect(
                error?.description == "cannot use out/a as an input: the sparse checkout leaves it out, and 1 more")
        }
    }

    @Test func namesTheAbsentFileAndNotItsNeighbour() async throws {
        let files = ["src/a": "1", "src/keep": "2", "src/zoo": "3", ".dockerignore": "src/keep\n"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY src /src\n") { (project) async throws in
            let key = try project.key()
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/src/a")
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.description == "cannot use src/a as an input: the sparse checkout leaves it out")
            #expect(error?.hint == "git sparse-checkout add /src /src/a")
            try await project.git("sparse-checkout", "add", "/src", "/src/a")
            #expect(try project.key() == key)
        }
    }

    @Test(arguments: [["--no-cone", "/src/"], ["--no-cone", "/*", "!/top", "!/src/deep/"], ["--cone", "src"]])
    func theCommandOfTheHintBringsTheFile(form: [String]) async throws {
        let files = ["top": "1", "src/top": "2", "src/deep/x": "3", "other/top": "4"]
        for source in ["top", "src/deep/x", "other/top"] {
            try await Project.with(files, dockerfile: "FROM scratch\nCOPY \(source) /s\n") { (project) async throws in
                let key = try project.key()
                try await project.git(["sparse-checkout", "set"] + form)
                try await project.git("update-index", "--skip-worktree", source)
                _ = try? project.remove(source)
                let dockerfile = "FROM scratch\nCOPY \(source) /s\n"
                try project.write("Dockerfile", dockerfile)
                let hint = try #require(inputsError { _ = try project.inputs() }?.hint)
                try await project.sandbox.run("sh", ["-c", hint], in: project.folder).check()
                try project.write("Dockerfile", dockerfile)
                #expect(try project.key() == key, "\(form) \(source): \(hint)")
            }
        }
    }

    @Test func keepsRemovedFilesRemoved() async throws {
        try await Self.with(.cone, dockerfile: "COPY out /s/") { (project) async throws in
            try project.remove("out/a")
            #expect(try project.inputs().paths == ["out/deep/b.txt"])
        }
    }

    @Test(arguments: ["Dockerfile", ".dockerignore", "app"])
    func refusesRecipesThatAreAbsent(name: String) async throws {
        let files = ["app/x": "1", ".dockerignore": "none\n", "y": "2"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY . /s\n") { (project) async throws in
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/\(name)")
            let error = inputsError {
                _ = try project.inputs { if name == "app" { $0.context = project.root.appending("app") } }
            }
            #expect(
                error?.description == "cannot use \(name) as an input: the sparse checkout leaves it out",
                "\(String(describing: error))")
        }
    }

    @Test func findsWhatASubmoduleLacks() async throws {
        try await Self.with(.submodule, dockerfile: "COPY out/* /s/") { (project) async throws in
            let key = try project.key()
            try await project.sandbox.run(
                "git", ["sparse-checkout", "set", "--no-cone", "/*", "!/deep/"], in: "project/out"
            ).check()
            let error = inputsError { _ = try project.inputs() }
            #expect(
                error?.description
                    == "cannot use out/deep/b.txt as an input: the sparse checkout leaves it out")
            #expect(error?.hint == "git -C out sparse-checkout add /deep /deep/b.txt")
            try await project.sandbox.run("git", ["sparse-checkout", "disable"], in: "project/out").check()
            #expect(try project.key() == key)
        }
    }

    @Test(arguments: ["COPY . /s/", "COPY out /s", "COPY out/* /s/", "COPY out/a /s/", "COPY */deep z /s/"])
    func refusesASubmoduleOfWhichNothingWasEverCheckedOut(instruction: String) async throws {
        try await Self.with(.submodule, dockerfile: instruction) { (project) async throws in
            for name in ["out/a", "out/deep", ".git/modules/out/index"] { try project.remove(name) }
            let error = inputsError { _ = try project.inputs() }
            #expect(error?.description == "cannot use out as an input: the submodule is not checked out")
            #expect(error?.hint == "git submodule update --init --force -- out")
            try await project.git("submodule", "update", "--init", "--force", "--", "out")
            #expect(try project.inputs().paths.contains { $0.hasPrefix("out/") })
        }
    }

    @Test(arguments: Cause.allCases) func refusesFoldersThatAreGivenAsTheyAre(cause: Cause) async throws {
        try await Self.with(cause, dockerfile: "COPY z /") { (project) async throws in
            func refusal(_ folder: String) throws -> InputsError? {
                try InputsError.absence(
                    below: project.root.appending(RelativePath(folder)), in: try #require(try project.repository()),
                    root: project.root)
            }
            for folder in ["out", "out/deep", "in", "", "none"] { #expect(try refusal(folder) == nil, "\(folder)") }
            try await Self.remove(project, by: cause)
            #expect(try refusal("in") == nil)
            #expect(try refusal("none") == nil)
            for folder in ["out", "out/deep", ""] {
                #expect(try refusal(folder)?.hint?.hasPrefix(cause.hint) == true, "\(folder)")
            }
        }
    }

    @Test func quotesPathsInCommands() async throws {
        let files = ["a b/it's": "1"]
        try await Project.with(files, dockerfile: "FROM scratch\nCOPY . /s\n") { (project) async throws in
            try await project.git("sparse-checkout", "set", "--no-cone", "/*", "!/a b/")
            #expect(inputsError { _ = try project.inputs() }?.hint == "git sparse-checkout add '/a b' '/a b/it'\\''s'")
        }
    }
}
