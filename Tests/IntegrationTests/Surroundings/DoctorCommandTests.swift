import Foundation
import JSON
import SystemCalls
import TestSupport
import Testing

/// `doctor` where something is missing: a repository, a configuration, an engine that answers.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Requirements.tools("git"))) struct DoctorCommandTests {
    /// A PATH with git and some engines of the test's own, nothing else.
    private static func path(_ sandbox: Sandbox, _ engines: [String: String] = [:]) throws -> [String: String?] {
        let git = Sandbox.find("git", in: sandbox.environment["PATH"] ?? "").string
        try sandbox.write("bin/git", "#!/bin/sh\nexec \(git) \"$@\"\n", permissions: 0o755)
        for (name, script) in engines { try sandbox.write("bin/\(name)", script, permissions: 0o755) }
        return ["PATH": sandbox.path("bin").string + ":/no/such/folder"]
    }

    private static func states(_ result: CommandResult) throws -> [String: [String]] {
        var states: [String: [String]] = [:]
        for finding in try JSONValue(parsing: result.outputBytes).array ?? [] {
            let line = "\(finding["state"]?.string ?? "") \(finding["text"]?.string ?? "")"
            states[finding["area"]?.string ?? "", default: []].append(line)
        }
        return states
    }

    @Test func outsideOfARepositoryAndWithoutAnEngineItSaysSo() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let result = try await sandbox.run("cache-image", ["doctor"], environment: Self.path(sandbox)).check(1)
            #expect(result.output.contains("warning repository: this folder is in no Git repository"))
            #expect(result.output.contains("problem engine: there is no container engine"))
            #expect(result.output.contains("  fix: apt-get install -y podman"))
            #expect(result.output.contains("ok git: git version"))
            #expect(result.error == "")
            let quiet = try await sandbox.run("cache-image", ["doctor", "-q"], environment: Self.path(sandbox)).check(1)
            #expect(!quiet.output.contains("ok "))
        }
    }

    @Test func anEngineThatDoesNotAnswerIsOneLine() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let path = try Self.path(sandbox, ["podman": "#!/bin/sh\nexec /bin/sleep 1000\n"])
            let start = ContinuousClock.now
            let result = try await sandbox.run(
                "cache-image", ["doctor", "--json"], in: "r", environment: path
            ).check(1)
            #expect(ContinuousClock.now - start < .seconds(90))
            let states = try Self.states(result)
            #expect(states["engine"]?.contains { $0.hasPrefix("warning podman: no answer within") } ?? false)
            #expect(states["configuration"]?.first?.hasSuffix("1 image, 1 test level") ?? false)
        }
    }

    @Test func aConfigurationThatCannotBeReadIsAProblemAmongOthers() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try sandbox.write("r/cache-image.yml", "images: {demo: {dockerfil: x}}\n")
            let result = try await sandbox.run(
                "cache-image", ["doctor"], in: "r", environment: Self.path(sandbox)
            ).check(1)
            #expect(result.output.contains("problem configuration: cannot read cache-image.yml:1"))
            #expect(result.output.contains("ok git: "))
            try sandbox.write("r/cache-image.yml", "images: {demo: }\ntests: {levels: {a: {comand: x}}}\n")
            let level = try await sandbox.run("cache-image", ["doctor"], in: "r", environment: Self.path(sandbox))
            #expect(level.output.contains("problem configuration: level a: cannot read cache-image.yml:2"))
        }
    }

    @Test func nothingThatTheRepositoryNamesIsStarted() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let trap = sandbox.path("trap").string
            try sandbox.write("r/trap.sh", "#!/bin/sh\ntouch \(trap)\n", permissions: 0o755)
            for (name, value) in [
                ("core.fsmonitor", "./trap.sh"), ("filter.lfs.process", "./trap.sh"), ("filter.lfs.clean", "./trap.sh"),
                ("core.hooksPath", "."), ("alias.version", "!./trap.sh"), ("lfs.url", "ssh://x/y"),
                ("core.sshCommand", "./trap.sh"), ("credential.helper", "!./trap.sh"),
            ] { try await sandbox.run("git", ["config", name, value], in: "r").check() }
            try sandbox.write("r/pre-push", "#!/bin/sh\ntouch \(trap)\n", permissions: 0o755)
            _ = try await sandbox.run("cache-image", ["doctor", "--fix"], in: "r", environment: Self.path(sandbox))
            #expect(!FileManager.default.fileExists(atPath: trap))
        }
    }

    @Test func filterHookAttributesAndLeftoversAreMended() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            let path = try Self.path(sandbox)
            let name = TemporaryName.unique(of: try await sandbox.deadProcess())
            try sandbox.write("r/docker-cache/.tmp-\(name)", "left")
            // Who left it had the lock.
            try sandbox.write("r/.git/cache-image/lock", "")
            let before = try await sandbox.run("cache-image", ["doctor", "--json"], in: "r", environment: path)
            let found = try Self.states(before)
            #expect(found["lfs"]?.filter { $0.hasPrefix("warning") }.count == 3, "\(before)")
            #expect(found["leftovers"]?.first?.hasPrefix("warning 1 file of killed commands") ?? false)
            let fixed = try await sandbox.run("cache-image", ["doctor", "--fix"], in: "r", environment: path)
            #expect(fixed.output.contains("fixed lfs: set filter.lfs in the repository's configuration"))
            #expect(fixed.output.contains("fixed lfs: wrote the pre-push hook"))
            #expect(fixed.output.contains("fixed lfs: wrote the lines of .gitattributes for docker-cache"))
            #expect(fixed.output.contains("fixed leftovers: removed 1 file of killed commands"))
            let after = try Self.states(
                try await sandbox.run("cache-image", ["doctor", "--json"], in: "r", environment: path))
            #expect(after["lfs"]?.allSatisfy { $0.hasPrefix("ok") } ?? false, "\(after)")
            #expect(after["leftovers"] == ["ok none of killed commands"])
            #expect(try sandbox.text("r/.gitattributes").contains("docker-cache/*.tar filter=lfs"))
        }
    }

    @Test func whatTheConfigurationWantsIsNamed() async throws {
        try await PoorSurroundingsTests.withRepository { (sandbox) async throws in
            try sandbox.write(
                "r/cache-image.yml", "images: {demo: }\ntests: {levels: {a: {command: [ls], on: host}}}\n")
            let path = try Self.path(sandbox)
            let asked = try await sandbox.run("cache-image", ["doctor"], in: "r", environment: path)
            #expect(asked.output.contains("warning trust: not given yet: "))
            try await sandbox.run("cache-image", ["trust"], in: "r", environment: path).check()
            let given = try await sandbox.run("cache-image", ["doctor"], in: "r", environment: path)
            #expect(given.output.contains("ok trust: given for tests.levels.a"))
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aRealEngineIsNamedWithWhatItsContainersCanHave() async throws {
        try await Project.with { project in
            let result = try await project.cacheImage("doctor", "--json")
            let states = try Self.states(result)
            #expect(states["engine"]?.first?.hasPrefix("ok podman ") ?? false, "\(result)")
            #expect(states["containers"]?.count == 2, "\(result)")
            #expect(states["containers"]?.allSatisfy { !$0.hasPrefix("problem") } ?? false, "\(result)")
            // Nothing of it is left in the store.
            #expect(try await project.podman("images", "-aq").check().lines == [])
            #expect(try await project.podman("ps", "-aq").check().lines == [])
        }
    }
}
