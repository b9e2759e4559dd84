import Foundation
import TestSupport
import Testing

/// Folders, programs and limits that are not as usual.
@Suite(.enabled(if: Requirements.tools("git"))) struct PoorFoldersTests {
    @Test(.enabled(if: Namespace.isAvailable)) func aReadOnlyCheckoutIsReadAndNotWritten() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let setup = Namespace.readOnlyFolder
            for words in [["status"], ["list"], ["explain"], ["inputs"], ["history", "demo"], ["lfs", "ls-files"]] {
                try await sandbox.run("cache-image", words, after: setup, in: "r").check()
            }
            try await sandbox.run("run-tests", ["--list"], after: setup, in: "r").check()
            for words in [["lfs", "track", "*.bin"], ["lfs", "install"], ["lfs", "update"]] {
                let result = try await sandbox.run("cache-image", words, after: setup, in: "r").check(2)
                #expect(result.error.contains("Read-only file system"), "\(words)")
            }
            let clean = try await sandbox.run(
                "cache-image", ["lfs", "clean", "a"], after: setup, in: "r", input: "hi\n"
            ).check(2)
            #expect(clean.output.isEmpty)
        }
    }

    static let homes: [[String: String?]] = [
        ["HOME": nil, "XDG_CONFIG_HOME": nil], ["HOME": "/nonexistent/home"], ["HOME": "relative"], ["HOME": ""],
        ["XDG_CONFIG_HOME": "relative", "XDG_CACHE_HOME": "/proc/none", "XDG_STATE_HOME": "relative"],
        ["TMPDIR": "/nonexistent"], ["PATH": nil], ["PATH": ""], ["LC_ALL": nil, "TERM": nil],
    ]

    @Test(arguments: homes) func commandsThatReadWorkInAnyEnvironment(variables: [String: String?]) async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let status = try await sandbox.run("cache-image", ["status"], in: "r", environment: variables).check()
            #expect(status.output.hasPrefix("missing demo:latest"))
            try await sandbox.run("cache-image", ["lfs", "ls-files"], in: "r", environment: variables).check()
            try await sandbox.run("cache-image", ["history", "demo"], in: "r", environment: variables).check()
            let clean = try await sandbox.run(
                "cache-image", ["lfs", "clean", "a"], in: "r", input: Array("hi\n".utf8), environment: variables)
            #expect(try clean.check().output == PoorSurroundingsTests.pointer)
        }
    }

    @Test(.enabled(if: geteuid() == 0 && Requirements.tools("setpriv"))) func aHomeOfAnotherUserIsLeftOut()
        async throws
    {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try sandbox.write("closed/.gitconfig", "[user]\n\tname = x\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o700], ofItemAtPath: sandbox.path("closed").string)
            try await sandbox.run("chown", ["-R", "65534:65534", "."], in: "r").check()
            let program = Sandbox.products.appending("cache-image").string
            let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups", program]
            for words in [["status"], ["history", "demo"], ["lfs", "ls-files"]] {
                let result = try await sandbox.run(
                    "setpriv", user + words, in: "r",
                    environment: [
                        "HOME": sandbox.path("closed").string, "XDG_CONFIG_HOME": nil, "GIT_CONFIG_GLOBAL": nil,
                    ])
                #expect(result.status == 0, "\(words): \(result.error)")
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0 && Requirements.tools("setpriv", "tar")))
    func foldersOfAnotherUserAreNamedWithTheCommandThatMendsThem() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            try await sandbox.run("chown", ["-R", "65534:65534", "."]).check()
            let program = Sandbox.products.appending("cache-image").string
            let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups", program]
            for folder in ["docker-cache", ".git/cache-image", ".git/lfs"] {
                try sandbox.write("a", "for \(folder)")
                try await project.archive()
                try await sandbox.run("chown", ["-R", "65534:65534", "."]).check()
                try await sandbox.run("chown", ["-R", "0:0", folder]).check()
                let result = try await sandbox.run("setpriv", user + ["import", "image.tar", "demo"])
                let hint = result.error.split(separator: "\n").first {
                    $0.hasPrefix("hint: sudo chown -R 65534:65534 ")
                }
                #expect(result.status == 1 && hint != nil, "\(folder): \(result.error)")
                guard let hint else { continue }
                try await sandbox.run("sh", ["-c", String(hint.dropFirst("hint: sudo ".count))]).check()
                try await sandbox.run("setpriv", user + ["import", "image.tar", "demo"]).check()
            }
        }
    }

    @Test func aHomeThatIsNotThereIsNotMade() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let home = sandbox.path("gone/home").string
            let variables: [String: String?] = [
                "HOME": home, "XDG_CACHE_HOME": nil, "XDG_STATE_HOME": nil, "XDG_CONFIG_HOME": nil,
                "GIT_CONFIG_GLOBAL": nil,
            ]
            try sandbox.write("plain/Dockerfile", "FROM scratch\nCOPY a /a\n")
            try sandbox.write("plain/a", "content\n")
            // An engine of this test's own, so that none makes a HOME for itself.
            try sandbox.write("bin/podman", "#!/bin/sh\necho '{\"host\":{}}'\n", permissions: 0o755)
            let path = "\(sandbox.path("bin")):\(sandbox.environment["PATH"] ?? "")"
            for variables in [variables, variables.merging(["XDG_STATE_HOME": home + "/state"]) { $1 }] {
                let variables = variables.merging(["PATH": path]) { $1 }
                for (words, folder) in [
                    (["status"], "r"), (["inputs", "--name", "x"], "plain"), (["status", "--name", "x"], "plain"),
                    (["engine"], "r"), (["list"], "r"),
                ] {
                    _ = try await sandbox.run("cache-image", words, in: folder, environment: variables)
                    #expect(!FileManager.default.fileExists(atPath: sandbox.path("gone").string), "\(words)")
                }
            }
        }
    }

    @Test func aConfigurationOutsideARepositoryIsNamedByEveryCommand() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("plain/cache-image.yml", PoorSurroundingsTests.configuration)
            try sandbox.write("plain/Dockerfile", "FROM scratch\n")
            for words in [
                ["cache-image", "status"], ["cache-image", "bases"], ["cache-image", "list"],
                ["cache-image", "info", "demo"], ["cache-image", "config", "show"], ["cache-image", "update"],
                ["run-tests", "--list"], ["run-tests", "unit"], ["run-tests"],
            ] {
                let result = try await sandbox.run(words[0], Array(words.dropFirst()), in: "plain")
                #expect(result.status == (words[0] == "run-tests" ? 125 : 2), "\(words)")
                #expect(
                    result.error.contains("cannot use cache-image.yml: it lies outside a Git repository"), "\(words)")
                let named = try await sandbox.run(
                    words[0], Array(words.dropFirst()) + ["--config", "cache-image.yml"], in: "plain")
                #expect(!named.error.contains("outside a Git repository"), "\(words)")
            }
        }
    }

    @Test func emptyVariablesOfGitsMeanWhatGitTakesThemFor() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try sandbox.write("r/p.bin", PoorSurroundingsTests.pointer)
            try await sandbox.run("git", ["add", "p.bin"], in: "r").check()
            func list(_ folder: String, _ variables: [String: String?] = [:]) async throws -> CommandResult {
                try await sandbox.run("cache-image", ["lfs", "ls-files", "-n"], in: folder, environment: variables)
            }
            #expect(try await list("r").check().output == "p.bin\n")
            #expect(try await list("r/.git").check().output == "p.bin\n")
            #expect(try await list("r", ["GIT_INDEX_FILE": ""]).check().output == "")
            for name in ["GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"] {
                #expect(try await list("r", [name: ""]).status == 128, "\(name)")
            }
        }
    }

    @Test func aFolderThatIsGoneIsSaid() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$@\""
            for words in [["cache-image", "status"], ["cache-image", "lfs", "ls-files"], ["run-tests", "unit"]] {
                let program = Sandbox.products.appending(words[0]).string
                let result = try await sandbox.run("sh", ["-c", script, "sh", program] + words.dropFirst())
                #expect(result.status == (words[0] == "run-tests" ? 125 : 2))
                #expect(result.error.contains("cannot find the current folder: No such file or directory"))
            }
        }
    }

    @Test func withoutGitAVerbThatNeedsItSaysSo() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try sandbox.write("empty/nothing", "")
            let path = ["PATH": sandbox.path("empty").string]
            try await sandbox.run("cache-image", ["status"], in: "r", environment: path).check()
            for words in [["lfs", "fsck"], ["lfs", "cache-key"], ["lfs", "track", "--lockable", "*.x"]] {
                let result = try await sandbox.run("cache-image", words, in: "r", environment: path).check(2)
                #expect(result.error.contains("cannot run git: the program is not installed"), "\(words)")
            }
        }
    }

    @Test(.enabled(if: Requirements.tools("prlimit"))) func limitsOfTheProcessAreErrorsNotSignals() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let program = Sandbox.products.appending("cache-image").string
            try sandbox.write("large", bytes: [UInt8](repeating: 0, count: 100_000))
            let clean = try await sandbox.run(
                "sh", ["-c", "exec prlimit --fsize=4096 \"$@\" <../large", "sh", program, "lfs", "clean", "a"], in: "r"
            ).check(2)
            #expect(clean.output.isEmpty)
            #expect(clean.error.contains("File too large"))
            try await sandbox.run("prlimit", ["--nofile=64", program, "status"], in: "r").check()
        }
    }

    @Test func daysBeyondEveryCalendarAreForEver() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            for name in ["lfs.fetchrecentrefsdays", "lfs.fetchrecentcommitsdays", "lfs.pruneoffsetdays"] {
                for value in ["9223372036854775807", "-9223372036854775808"] {
                    try await sandbox.run("git", ["config", name, value], in: "r").check()
                    try await sandbox.run("cache-image", ["lfs", "prune"], in: "r").check()
                    try await sandbox.run("cache-image", ["lfs", "fetch", "--recent", "."], in: "r").check()
                }
            }
        }
    }

    @Test func datesOfFilesBeforeAndAfterOurTimesProveNothing() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            func key() async throws -> String {
                try await sandbox.run("cache-image", ["inputs", "--json"], in: "r").check().output
            }
            let first = try await key()
            for date in ["1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "2106-02-08T00:00:00Z"] {
                try await sandbox.run("touch", ["-d", date, "a", ".git/index"], in: "r").check()
                #expect(try await key() == first, "\(date)")
                try sandbox.write("r/a", "changed\n")
                try await sandbox.run("touch", ["-d", date, "a"], in: "r").check()
                #expect(try await key() != first, "\(date)")
                try sandbox.write("r/a", "content\n")
            }
        }
    }
}
