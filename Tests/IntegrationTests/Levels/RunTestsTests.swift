import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct RunTestsTests {
    @Test func theStatusOfTheTestsIsPassedThrough() async throws {
        try await Project.with { (project) async throws in
            #expect(try await project.runTests("fail").status == 7)
            #expect(try await project.runTests("unit").check().output == "hello\none\n")
            #expect(try await project.runTests("unit", "--", "x").status == 0)
        }
    }

    @Test func allLevelsRunInOrderAndStopAtTheFirstFailure() async throws {
        try await Project.with { (project) async throws in
            let all = try await project.runTests().check(7)
            #expect(all.output == "hello\none\n")
            #expect(all.error.contains("level fail failed with status 7"))
            #expect(try await project.runTests("all", "--", "-x").status == 125)
        }
    }

    @Test func levelsAreListedOnePerLine() async throws {
        try await Project.with { (project) async throws in
            #expect(try await project.runTests("--list").check().output == "unit\nfail\n")
            #expect(try await project.runTests("none").check(125).error.contains("unit, fail"))
        }
    }

    @Test func everythingALevelCanSayReachesTheContainer() async throws {
        try await Project.with { (project) async throws in
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {target: test}}
                tests:
                  levels:
                    full:
                      command: [sh, -c, 'echo $LOG_LEVEL $ONE $TWO $PASSED; id -u; pwd; cat /host/src/main.txt; echo "$@"', sh]
                      mounts: [".:/host:ro"]
                      env: {ONE: "1"}
                      passEnv: [PASSED]
                      user: "12:34"
                      workdir: /tmp
                      network: none
                      options: [--tmpfs, /tmp]
                    host:
                      command: [sh, -c, 'echo $CACHE_IMAGE_REF']
                      on: host
                """)
            let good = try await project.runTests(
                "--log-level=debug", "--options=--env TWO='a b'", "full", "--", "x y", "z", environment: ["PASSED": "p"]
            )
            #expect(try good.check().output == "debug 1 a b p\n12\n/tmp\nhello\nx y z\n")
            #expect(
                try await project.runTests("host", environment: ["CACHE_IMAGE_TRUST": "1"]).check().output
                    == "localhost/demo:latest\n")
        }
    }

    @Test func inputReachesTheTestsWhereItIsAskedFor() async throws {
        try await Project.with { (project) async throws in
            try project.write(
                "cache-image.yml",
                """
                engine: podman
                images: {demo: {target: test}}
                tests:
                  levels:
                    cat: {command: [cat], network: none}
                    asked: {command: [cat], network: none, interactive: true}
                    host: {command: [cat], on: host}
                """)
            for (words, output) in [
                (["cat"], ""), (["host"], ""), (["asked"], "abc"), (["-i", "cat"], "abc"),
                (["--interactive", "host"], "abc"),
            ] {
                let result = try await project.sandbox.run(
                    "run-tests", words, in: project.folder, input: Array("abc".utf8),
                    environment: try project.storeVariables("a").merging(["CACHE_IMAGE_TRUST": "1"]) { $1 })
                #expect(try result.check().output == output, "\(words)")
            }
            // What comes next on the input belongs to whoever reads it.
            let loop =
                "printf 'a\\nb\\nc\\n' | while read -r line; do echo \"$line\"; run-tests cat; run-tests host; done"
            let path = Sandbox.products.string + ":" + (project.sandbox.environment["PATH"] ?? "")
            let result = try await project.sandbox.run(
                "sh", ["-c", loop], in: project.folder,
                environment: try project.storeVariables("a").merging(["PATH": path, "CACHE_IMAGE_TRUST": "1"]) { $1 })
            #expect(try result.check().output == "a\nb\nc\n")
        }
    }

    @Test func flagsOfTheOldScriptsStandBeforeTheLevel() async throws {
        try await Project.with { (project) async throws in
            let run = try await project.runTests("--log-level", "debug", "--type", "test", "--tag=latest", "unit")
            #expect(try run.check().output == "hello\none\n")
        }
    }
}
