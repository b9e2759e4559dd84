import TestSupport
import Testing

/// Pipes in place of Git's and the user's files: nothing waits for their other end.
@Suite(.enabled(if: Requirements.tools("git", "mkfifo", "timeout"))) struct PipeTests {
    private func run(
        _ words: [String], _ sandbox: Sandbox, _ variables: [String: String?] = [:]
    ) async throws -> CommandResult {
        let program = Sandbox.products.appending("cache-image").string
        let result = try await sandbox.run(
            "timeout", ["-k", "1", "20", program] + words, in: "r", environment: variables)
        #expect(result.status != 124 && result.status != 137, "\(words) waits")
        return result
    }

    private func makePipe(_ path: String, _ sandbox: Sandbox) async throws {
        try await sandbox.run("sh", ["-c", "rm -f \"$1\" && mkdir -p \"${1%/*}\" && mkfifo \"$1\"", "sh", path]).check()
    }

    @Test(arguments: [false, true]) func aHookIsSomebodyElses(isInWorkTree: Bool) async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            var hook = "r/.git/hooks/pre-push"
            if isInWorkTree {
                hook = "r/hooks/pre-push"
                try await makePipe("r/hooks/pipe", sandbox)
                try await sandbox.run("ln", ["-s", "pipe", hook]).check()
                try await sandbox.run("git", ["config", "core.hooksPath", "hooks"], in: "r").check()
            } else {
                try await makePipe(hook, sandbox)
            }
            for words in [["install"], ["update"], ["track", "*.bin"], ["uninstall", "--local"]] {
                let result = try await run(["lfs"] + words, sandbox)
                #expect(result.status == (["install", "update"].contains(words[0]) ? 2 : 0), "\(result)")
            }
            #expect(try await sandbox.run("test", ["-p", hook]).status == 0)
            try await run(["lfs", "update", "--force"], sandbox).check()
            #expect(try sandbox.text(hook).contains("lfs pre-push"))
        }
    }

    static let files = [
        "r/.git/config", "r/.git/index", "r/.git/packed-refs", "r/.git/info/exclude", "r/.git/info/attributes",
        "r/.git/shallow", "r/.git/HEAD", "r/.gitignore", "r/.gitattributes", "r/cache-image.yml", "r/Dockerfile",
        "home/.gitconfig", "home/.config/git/ignore", "home/.config/git/attributes",
        "home/.local/state/cache-image/engine.json", "r/docker-cache/bases.lock.json",
    ]

    @Test(arguments: files) func noCommandWaits(file: String) async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try await sandbox.run("git", ["pack-refs", "--all"], in: "r").check()
            try await makePipe(file, sandbox)
            for words in [
                ["status"], ["history", "demo"], ["lfs", "ls-files"], ["lfs", "fsck"], ["lfs", "status"],
                ["lfs", "track", "*.bin"], ["lfs", "track"], ["lfs", "install", "--local"],
            ] {
                let result = try await run(words, sandbox)
                if result.status != 0 { #expect(result.error.isEmpty != result.output.isEmpty, "\(result)") }
            }
        }
    }

    @Test func aDescriptorThatIsHandedOverIsReadAsItIs() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let program = Sandbox.products.appending("cache-image").string
            let script = """
                GIT_CONFIG_GLOBAL=<(printf '[core]\n\thooksPath = here\n') exec timeout 20 "$@"
                """
            let result = try await sandbox.run("bash", ["-c", script, "bash", program, "lfs", "ls-files"], in: "r")
            try result.check()
            let none = try await run(["status"], sandbox, ["GIT_CONFIG_GLOBAL": "/dev/null"])
            try none.check()
        }
    }
}
