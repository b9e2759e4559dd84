import TestSupport
import Testing

/// A machine that lacks what every other one has: /proc, libraries, descriptors, a folder that can be written.
@Suite(.enabled(if: Requirements.tools("git"))) struct PoorSurroundingsTests {
    static let configuration = """
        images: {demo: {dockerfile: Dockerfile}}
        tests: {levels: {unit: {command: [true]}}}

        """

    /// Makes a repository with one declared image and runs `body` with it.
    static func withRepository(_ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("r/cache-image.yml", configuration)
            try sandbox.write("r/Dockerfile", "FROM scratch\nCOPY a /a\n")
            try sandbox.write("r/a", "content\n")
            try await sandbox.run("git", ["init", "-q"], in: "r").check()
            try await sandbox.run("git", ["add", "."], in: "r").check()
            try await sandbox.run("git", ["commit", "-qm", "one"], in: "r").check()
            try await body(sandbox)
        }
    }

    static let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4
        size 3

        """

    @Test(.enabled(if: Namespace.isAvailable)) func withoutProcEveryProgramSeesItsWords() async throws {
        try await Self.withRepository { (sandbox) async throws in
            let without = Namespace.withoutProc
            let status = try await sandbox.run("cache-image", ["status"], after: without, in: "r").check()
            #expect(status.output.hasPrefix("missing demo:latest"))
            let levels = try await sandbox.run("run-tests", ["--list"], after: without, in: "r").check()
            #expect(levels.output == "unit\n")
            #expect(try await sandbox.run("run-tests", ["--bogus"], after: without, in: "r").status == 125)
            // The thread pool looks into /proc, now and then: some of so many runs would end by a signal.
            for _ in 0..<12 {
                let clean = try await sandbox.run(
                    "cache-image", ["lfs", "clean", "a"], after: without, in: "r", input: "hi\n")
                #expect(try clean.check().output == Self.pointer)
            }
            let place = try await sandbox.run("cache-image", ["lfs", "install"], after: without, in: "r").check()
            #expect(place.output.contains("Git LFS initialized"))
            let filter = try await sandbox.run("git", ["config", "filter.lfs.clean"], in: "r").check().output
            #expect(filter.contains(Sandbox.products.appending("cache-image").string))
        }
    }

    @Test(arguments: [[], ["lfs"], ["--"], ["lfs", "--"], ["config"], ["config", "--"], ["-q"], ["lfs", "-q"]])
    func aFilterWithoutAVerbWritesNothing(words: [String]) async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("content", "content\n")
            let program = Sandbox.products.appending("cache-image").string
            // Git feeds a filter, and gives a hook an empty device.
            for input in ["content", "/dev/null", "/dev/zero"] {
                let fed = try await sandbox.run("sh", ["-c", "exec \"$@\" <\(input)", "sh", program] + words)
                #expect(fed.status != 0, "\(words) \(input)")
                #expect(fed.output.isEmpty, "\(words) \(input)")
            }
            for help in ["--help", "-h"] {
                let asked = try await sandbox.run(
                    "sh", ["-c", "exec \"$@\" <content", "sh", program] + words.filter { $0 == "lfs" } + [help])
                #expect(try asked.check().output.contains("SUBCOMMANDS"))
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("script"))) func onATerminalNoVerbAsksForTheHelp() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let program = Sandbox.products.appending("cache-image").string
            for words in ["", " lfs"] {
                let asked = try await sandbox.run("script", ["-qec", "'\(program)'\(words)", "/dev/null"])
                #expect(try asked.check().output.contains("SUBCOMMANDS"))
            }
        }
    }

    @Test func aHookThatLostItsVerbKeepsTheCommitBack() async throws {
        try await Self.withRepository { (sandbox) async throws in
            let program = Sandbox.products.appending("cache-image").string
            try sandbox.write("r/.git/hooks/pre-commit", "#!/bin/sh\nexec '\(program)' $ARGS\n", permissions: 0o755)
            let commit = try await sandbox.run("git", ["commit", "--allow-empty", "-qm", "two"], in: "r")
            #expect(commit.status != 0)
            #expect(commit.error.contains("it names no command"))
        }
    }

    @Test func wordsThatAreNotUTF8AreRefusedExceptForAFiltersPath() async throws {
        try await Self.withRepository { (sandbox) async throws in
            let script = "word=$(printf 'caf\\351'); exec \"$@\" \"$word\""
            let program = Sandbox.products.appending("cache-image").string
            let status = try await sandbox.run("sh", ["-c", script, "sh", program, "status"], in: "r").check(2)
            #expect(status.error.contains("word 2 is not UTF-8"))
            let clean = try await sandbox.run(
                "sh", ["-c", script, "sh", program, "lfs", "clean"], in: "r", input: Array("hi\n".utf8))
            #expect(try clean.check().output == Self.pointer)
        }
    }

    /// A library, a command that needs it, one that does not, and the package that has it.
    struct Lack: Sendable, CustomTestStringConvertible {
        let library: String
        let needs: [String]
        let works: [String]
        let package: String
        var testDescription: String { library }
    }

    static let lacks = [
        Lack(library: "libyaml-0.so.2", needs: ["status"], works: ["lfs", "ls-files"], package: "libyaml-0-2"),
        Lack(library: "libcrypto.so.3", needs: ["status"], works: ["version"], package: "libssl3"),
        Lack(library: "libcrypto.so.3", needs: ["lfs", "ls-files"], works: ["--help"], package: "libssl3"),
        Lack(library: "libarchive.so.13", needs: ["import", "x.tar"], works: ["status"], package: "libarchive13"),
        Lack(library: "libgit2.so.1.5", needs: ["history", "demo"], works: ["status"], package: "libgit2-1.5"),
        Lack(library: "libgit2.so.1.5", needs: ["lfs", "ls-files"], works: ["list"], package: "libgit2-1.5"),
    ]

    @Test(.enabled(if: Namespace.isAvailable), arguments: lacks) func aMissingLibraryIsNamedWithItsPackage(
        lack: Lack
    ) async throws {
        try await Self.withRepository { (sandbox) async throws in
            try sandbox.write("r/x.tar", "no archive\n")
            let without = Namespace.withoutLibrary(lack.library)
            try await sandbox.run("cache-image", lack.works, after: without, in: "r").check()
            let result = try await sandbox.run("cache-image", lack.needs, after: without, in: "r").check(2)
            #expect(result.error.contains("cannot load \(lack.library.prefix { $0 != "." && $0 != "-" }): "))
            #expect(result.error.contains("\nhint: apt-get install -y \(lack.package)"))
            #expect(result.output.isEmpty)
        }
    }

    @Test(.enabled(if: Namespace.isAvailable)) func aMissingLibraryEndsRunTestsWith125AndAFilterWithoutOutput()
        async throws
    {
        try await Self.withRepository { (sandbox) async throws in
            let noYAML = Namespace.withoutLibrary("libyaml-0.so.2")
            let level = try await sandbox.run("run-tests", ["unit"], after: noYAML, in: "r").check(125)
            #expect(level.error.hasPrefix("run-tests: cannot load libyaml: "))
            let clean = try await sandbox.run(
                "cache-image", ["lfs", "clean", "a"], after: Namespace.withoutLibrary("libcrypto.so.3"), in: "r",
                input: "hi\n"
            ).check(2)
            #expect(clean.output.isEmpty)
        }
    }
}
