import TestSupport
import Testing

/// Standard streams that are closed or full: what should be written there is an error, and no file takes their place.
@Suite(.enabled(if: Requirements.tools("git"))) struct ClosedDescriptorTests {
    /// Runs a program in the repository with redirections of the shell.
    static func run(
        _ sandbox: Sandbox, _ words: [String], _ redirection: String, input: String = ""
    ) async throws -> CommandResult {
        let program = Sandbox.products.appending(words[0]).string
        try sandbox.write("input", input)
        let script = "exec <../input; exec \"$@\" \(redirection)"
        return try await sandbox.run("sh", ["-c", script, "sh", program] + words.dropFirst(), in: "r")
    }

    static let writing: [(words: [String], status: Int32)] = [
        (["cache-image", "status"], 1), (["cache-image", "list"], 1), (["cache-image", "version"], 1),
        (["cache-image", "--help"], 1), (["cache-image", "config", "show"], 1), (["cache-image", "lfs", "version"], 1),
        (["cache-image", "lfs", "env"], 2), (["run-tests", "--list"], 125),
    ]

    @Test(arguments: [">&-", ">/dev/full"]) func dataThatCannotBeWrittenIsAnError(redirection: String) async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for (words, status) in Self.writing {
                let result = try await Self.run(sandbox, words, redirection)
                #expect(result.status == status, "\(words)")
                #expect(result.error.contains("cannot write standard output: "), "\(words)")
            }
            let clean = try await Self.run(sandbox, ["cache-image", "lfs", "clean", "a"], redirection, input: "hi\n")
            #expect(clean.status == 2)
        }
    }

    @Test func noFileOfTheRepositoryTakesTheirPlace() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for redirection in [">&-", "2>&-", "<&- >&- 2>&-"] {
                _ = try await Self.run(sandbox, ["cache-image", "status"], redirection)
                _ = try await Self.run(sandbox, ["cache-image", "lfs", "status"], redirection)
                _ = try await Self.run(sandbox, ["cache-image", "lfs", "clean", "a"], redirection, input: "hi\n")
            }
            #expect(try await sandbox.run("git", ["status", "--short"], in: "r").check().output.isEmpty)
            try await sandbox.run("git", ["fsck", "--strict"], in: "r").check()
            let stored = try await sandbox.run(
                "find", [".git/lfs/objects", ".git/cache-image", "-type", "f", "-name", "[0-9a-f]*"], in: "r")
            for path in stored.output.split(separator: "\n") {
                #expect(!(try sandbox.text("r/\(path)")).contains("missing demo"))
            }
            let input = try await Self.run(sandbox, ["cache-image", "lfs", "clean", "a"], "<&-")
            #expect(input.status != 0 && input.output.isEmpty)
        }
    }
}
