import Foundation
import TestSupport
import Testing

/// `run-tests --shell`, and levels with a timeout.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Requirements.tools("podman", "git", "busybox")), .tags(.engine))
struct ShellTests {
    private static let configuration = """
        engine: podman
        images: {demo: {target: base}}
        tests:
          levels:
            host: {on: host, command: [sh, -c, "sleep 60"], timeout: 1s}
            unit:
              command: [sh, -c, "exit 9"]
              env: {GREETING: hello}
              workdir: /data
              mounts: [./data:/data]
              network: none
            late: {command: [sh, -c, 'trap "echo asked; exit 3" INT TERM; while :; do sleep 0.1; done'], timeout: 15s}
            deaf: {command: [sh, -c, 'trap "" INT TERM; while :; do sleep 0.1; done'], timeout: 2}
            quick: {command: [sh, -c, "exit 4"], timeout: 10m}

        """

    @Test func aShellHasTheLevelsMountsVariablesAndFolder() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try project.write("data/file", "content\n")
            let script = Array("pwd; cat file; echo $GREETING; echo made >new; exit 5\n".utf8)
            // Without a level it is the first that runs in a container.
            let shell = try await project.runTests("--shell", input: script).check(5)
            #expect(shell.output == "/data\ncontent\nhello\n")
            #expect(shell.error.contains("a shell in demo:latest, as level unit runs in it"))
            #expect(try project.sandbox.text("project/data/new") == "made\n")
            let words = try await project.runTests("--shell", "unit", "--", "-c", "echo \"$0 $1\"", "a", "b").check()
            #expect(words.output == "a b\n")
            #expect(try await project.podman("ps", "-aq").check().lines == [])
        }
    }

    @Test(.enabled(if: Requirements.tools("script"))) func aTerminalIsHandedOn() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try project.write("data/file", "content\n")
            let program = Sandbox.products.appending("run-tests").string
            let result = try await project.sandbox.run(
                "script",
                ["-qec", "\(program) --shell unit -- -c 'test -t 0 && test -t 1 && echo a terminal'", "/dev/null"],
                in: project.folder, environment: try project.storeVariables("a"))
            #expect(try result.check().output.contains("a terminal\r\n"))
        }
    }

    @Test func whatHasNoShellIsRefused() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try project.write("data/file", "content\n")
            let host = try await project.runTests("--shell", "host").check(125)
            #expect(host.error.contains("cannot open a shell in level host: it runs on the host"))
            #expect(try await project.runTests("--shell", "nothing").check(125).error.contains("it is not declared"))
            #expect(try await project.runTests("--shell", "--list").check(125).error.contains("--list with --shell"))
            let frozen = try await project.runTests("--shell", "--frozen", "unit").check(125)
            #expect(frozen.error.contains("cannot load demo:latest: nothing is cached"))
        }
    }

    @Test(.tags(.slow)) func aLevelThatTakesTooLongIsEnded() async throws {
        try await Project.with { project in
            try project.write("cache-image.yml", Self.configuration)
            try project.write("data/file", "content\n")
            try await project.cacheImage("update").check()
            #expect(try await project.runTests("quick").status == 4)
            for level in ["late", "deaf", "host"] {
                let start = ContinuousClock.now
                let result = try await project.runTests(level, environment: ["CACHE_IMAGE_TRUST": "1"])
                #expect(result.status == 124, "\(result)")
                #expect(result.error.contains("cannot wait for level \(level) any longer: its timeout of"))
                // It was asked to end before it was killed.
                if level == "late" { #expect(result.output == "asked\n", "\(result)") }
                #expect(ContinuousClock.now - start < .seconds(60), "\(level)")
                #expect(try await project.podman("ps", "-aq").check().lines == [], "\(level)")
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func whatAnotherUserOfTheImageWritesBelongsToTheCaller() async throws {
        try await Project.with { project in
            try project.write("Dockerfile", Project.dockerfile + "USER 4321:4321\n")
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {target: test}}
                tests:
                  levels:
                    unit:
                      command: [sh, -c, "mkdir -p /data/a/b; echo x >/data/a/b/c; id -u; exit 2"]
                      mounts: [./data:/data]

                """)
            try project.write("data/mine", "content\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o777], ofItemAtPath: project.path("data").string)
            let result = try await project.runTests("unit").check(2)
            #expect(result.output == "4321\n")
            for path in ["data/a", "data/a/b", "data/a/b/c", "data/mine"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: project.path(path).string)
                #expect(attributes[.ownerAccountID] as? Int == 0, "\(path)")
            }
        }
    }
}
