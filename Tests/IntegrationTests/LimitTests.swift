import TestSupport
import Testing

/// Limits of the process: what is too little to work with is said at the start, what may be raised is raised.
@Suite(.enabled(if: Requirements.tools("git"))) struct LimitTests {
    private func run(_ limit: String, _ words: [String], _ sandbox: Sandbox) async throws -> CommandResult {
        let program = Sandbox.products.appending(words[0]).string
        return try await sandbox.run(
            "bash", ["-c", "ulimit \(limit) && exec timeout 30 \"$@\"", "bash", program] + words.dropFirst(), in: "r")
    }

    @Test func tooFewOpenFilesAreRefusedByEveryCommand() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for files in [8, 12, 20, 63] {
                for words in [["lfs", "env"], ["status"], ["lfs", "track", "*.bin"], ["lfs", "fsck"]] {
                    let result = try await run("-n \(files)", ["cache-image"] + words, sandbox).check(2)
                    #expect(
                        result.error
                            == "cache-image: cannot start cache-image: no more than \(files) files may be open (ulimit -n), 64 are needed\n"
                    )
                }
                #expect(try await run("-n \(files)", ["run-tests", "--list"], sandbox).status == 125)
            }
            try await run("-n 64", ["cache-image", "lfs", "env"], sandbox).check()
        }
    }

    /// With these Swift's runtime hangs or crashes before the first line of the program.
    @Test func limitsBelowWhatTheRuntimeNeedsAreRefusedToo() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for (limit, complaint) in [
                ("-n 4", "no more than 4 files may be open (ulimit -n), 64 are needed"),
                ("-v 65000", "no more than 63 MB of memory may be used (ulimit -v), 320 are needed"),
                ("-d 20000", "no more than 19 MB of memory may be used (ulimit -d), 128 are needed"),
            ] {
                for (program, status) in [("cache-image", 2), ("run-tests", 125)] {
                    // `timeout` itself does with little.
                    let result = try await run(limit, [program, "--help"], sandbox).check(Int32(status))
                    #expect(result.error == "\(program): cannot start \(program): \(complaint)\n")
                    #expect(result.output == "")
                }
            }
            try await run("-d 200000", ["cache-image", "lfs", "env"], sandbox).check()
        }
    }

    @Test func aLimitThatMayBeRaisedIsRaised() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try await run("-Sn 12", ["cache-image", "lfs", "env"], sandbox).check()
            try await run("-Sn 4", ["cache-image", "lfs", "env"], sandbox).check()
        }
    }

    @Test func memoryIsNotSetAsideBeforeItIsNeeded() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for words in [["lfs", "env"], ["lfs", "fsck"], ["status"]] {
                try await run("-v 400000", ["cache-image"] + words, sandbox).check()
                let result = try await run("-v 200000", ["cache-image"] + words, sandbox).check(2)
                #expect(result.error.contains("no more than 195 MB of memory may be used (ulimit -v)"))
            }
        }
    }
}
