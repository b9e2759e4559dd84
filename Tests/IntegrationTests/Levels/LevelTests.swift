import TestSupport
import Testing

/// Levels run what they say, or do not pass.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct LevelTests {
    static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        ENTRYPOINT ["/bin/echo", "own"]
        CMD ["cmd"]

        """

    private static func write(_ project: Project, levels: String, image: String = "") throws {
        try project.write(
            "cache-image.yml",
            "engine: podman\nimages: {demo: {\(image)}}\ntests:\n  levels:\n"
                + levels.split(separator: "\n").map { "    \($0)\n" }.joined())
    }

    @Test func aCommandTakesThePlaceOfTheEntrypointWithEveryEngine() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", Self.dockerfile)
            try Self.write(
                project,
                levels: """
                    fails: {command: [sh, -c, "exit 7"], network: none}
                    words: {network: none, command: [printf, '<%s>', a, '', b]}
                    image: {network: none, command: [a, ''], entrypoint: image}
                    list: {network: none, command: [a], entrypoint: [printf, '<%s>']}
                    alone: {network: none, entrypoint: [printf, x]}
                    none: {network: none}
                    options: {network: none, command: [sh, -c, "exit 6"], options: [--entrypoint, ""]}
                    """)
            for (engine, store) in [("podman", "a"), ("buildah", "b")] where Requirements.tools(engine) {
                func run(_ level: String, _ arguments: String...) async throws -> String {
                    let words = ["--engine", engine, level, "--"] + arguments
                    return try await project.sandbox.run(
                        "run-tests", words, in: project.folder, environment: try project.storeVariables(store)
                    ).check().output
                }
                let failed = try await project.runTests("--engine", engine, "fails", store: store)
                #expect(failed.status == 7, "\(engine): \(failed.error)")
                #expect(try await run("words") == "<a><><b>")
                #expect(try await run("words", "c") == "<a><><b><c>")
                #expect(try await run("image") == "own a \n")
                #expect(try await run("list", "b") == "<a><b>")
                #expect(try await run("alone") == "x")
                #expect(try await run("none") == "own cmd\n")
                #expect(try await run("none", "x", "") == "own x \n")
            }
            #expect(try await project.runTests("options").status == 6)
        }
    }

    @Test func optionsThatKeepTheCommandFromRunningAreRefused() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", Self.dockerfile)
            try Self.write(
                project,
                levels: """
                    unit: {network: none, command: [sh, -c, "exit 6"]}
                    late: {network: none, command: [sh, -c, "exit 6"], options: [-dt]}
                    """)
            let late = try await project.runTests("--trust", "late").check(125)
            #expect(late.error.contains("cannot read cache-image.yml:6: tests.levels.late.options[0]: \"-dt\" would"))
            for (options, reason) in [
                ("-d", "cannot use --options: \"-d\" would not wait for the command"),
                ("--entrypoint /bin/true", "cannot use --options: --entrypoint /bin/true would run in place"),
                ("-- app", "cannot use --options: \"--\" is no option"),
                ("-v ./tests-typo:/x", "cannot mount ./tests-typo (--options): no such file or folder"),
            ] {
                let refused = try await project.runTests("--options", options, "unit").check(125)
                #expect(refused.error.contains(reason), "\(refused.error)")
            }
            #expect(!project.exists("docker-cache"))
            #expect(try await project.runTests("--options", "--env A=b", "unit").status == 6)
        }
    }

    @Test func aLevelThatNothingSaysTheCommandOfIsRefused() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", "FROM scratch\nCOPY busybox /bin/busybox\n")
            try Self.write(project, levels: "none: {}")
            let refused = try await project.runTests("none").check(125)
            #expect(refused.error.contains("cannot run level none: demo:latest has neither ENTRYPOINT nor CMD"))
        }
    }

    @Test func aMistakeInALevelStopsNothingElse() async throws {
        try await Project.with { (project) async throws in
            try Self.write(
                project,
                levels: """
                    first: {command: [sh, -c, "echo ran > ran"], on: host}
                    good: {command: [sh, -c, "echo good"], on: host}
                    mount: {command: [ls, /x], mounts: ["./tset-data:/x"]}
                    text: true && sh -c "exit 3"
                    key: {command: [a], comand: [b]}
                    """, image: "target: test")
            let mount = "cannot mount ./tset-data (cache-image.yml:7): no such file or folder"
            // Nothing was built or run before it is found.
            for arguments in [["mount"], ["--engine", "docker", "mount"], ["--engine", "buildah", "mount"]] {
                let refused = try await project.sandbox.run(
                    "run-tests", arguments, in: project.folder, environment: try project.storeVariables("a"))
                #expect(try refused.check(125).error == "run-tests: \(mount)\n")
            }
            #expect(!project.exists("tset-data") && !project.exists("docker-cache"))
            let all = try await project.runTests().check(125)
            #expect(all.error.contains("cannot run level mount: \(mount)"))
            #expect(!project.exists("ran"))
            let text = try await project.runTests("text").check(125).error
            #expect(text.contains("cache-image.yml:8"))
            #expect(text.contains("hint: write [sh, -c, 'true && sh -c \"exit 3\"']"))

            let list = try await project.runTests("--list").check()
            #expect(list.output == "first\ngood\nmount\ntext\nkey\n")
            #expect(list.error.contains("warning: level mount: \(mount)"))
            #expect(list.error.contains("level text: ") && list.error.contains("level key: "))
            let shown = try await project.cacheImage("config", "show").check().output
            #expect(shown.contains("tests.levels.mount.mistake") && shown.contains(mount))
            #expect(try await project.cacheImage("status").check().output.contains("missing demo:latest"))
            #expect(try await project.runTests("--trust", "good").check().output == "good\n")
        }
    }

    @Test func pathsInOptionsAreThoseOfTheFileFromEveryFolder() async throws {
        try await Project.with { (project) async throws in
            try project.write(
                "Dockerfile",
                """
                FROM scratch
                COPY busybox /bin/busybox
                RUN ["/bin/busybox", "--install", "-s", "/bin"]
                RUN --mount=type=secret,id=words cp /run/secrets/words /words

                """)
            try project.write("src/vars", "VAR=set\n")
            try Self.write(
                project,
                levels: """
                    unit: {command: [sh, -c, 'cat /words /x/main.txt; echo $VAR'], network: none, options: [-v, "./src:/x"]}
                    """, image: "buildOptions: [--secret, 'id=words,src=requirements.txt']")
            let options = "--env-file src/vars"
            for (folder, arguments) in [("src", []), ("", []), ("src", ["-C", "..", "--config", "cache-image.yml"])] {
                let run = try await project.sandbox.run(
                    "run-tests", arguments + ["--options", options, "unit"],
                    in: "\(project.folder)/\(folder)", environment: try project.storeVariables("a"))
                #expect(try run.check().output == "one\nhello\nset\n")
            }
            let outside = try await project.sandbox.run(
                "run-tests",
                ["--config", "project/cache-image.yml", "--options", options, "--options", "--env VAR=again", "unit"],
                environment: try project.storeVariables("a"))
            #expect(try outside.check().output == "one\nhello\nagain\n")
        }
    }

    @Test(.enabled(if: Requirements.tools("buildah")), arguments: ["podman", "buildah"])
    func relativeSourcesOfMountsReachEveryEngine(_ engine: String) async throws {
        try await Project.with { (project) async throws in
            let levels = """
                unit: {command: [sh, -c, 'cat /x/main.txt /y/main.txt /z'], network: none,
                  options: [-v, "./src:/x", "--mount=type=bind,src=src,dst=/y", "-v=./requirements.txt:/z"]}
                """
            try Self.write(
                project, levels: levels.replacing("\n", with: " "), image: "buildOptions: [-v, './src:/x']")
            try await project.commit("Levels")
            // Of the folder's name no engine's option could hold a part.
            try await project.git("clone", "-q", ".", "../a:b,c")
            let run = try await project.sandbox.run(
                "run-tests", ["--engine", engine, "--options", "-v ./Dockerfile:/d", "unit"], in: "a:b,c/src",
                environment: try project.storeVariables("a").merging(["CACHE_IMAGE_TRUST": "1"]) { $1 })
            #expect(try run.check().output == "hello\nhello\none\n")
        }
    }

    @Test(.enabled(if: Requirements.tools("buildah")), arguments: ["podman", "buildah"])
    func secretsInOptionsOfTheCallerReachTheTestAndNoArgument(_ engine: String) async throws {
        try await Project.with { (project) async throws in
            try Self.write(
                project, levels: "unit: {command: [sh, -c, 'echo $API_TOKEN $PLAIN; sleep 1'], network: none}")
            let program = Sandbox.products.appending("run-tests").string
            let script = """
                \(program) --engine \(engine) unit >out 2>&1 & pid=$!
                while kill -0 $pid 2>/dev/null; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'hidden[w]ord'; sleep 0.1; done
                wait $pid; echo "status $?"
                """
            let options = ["CACHE_IMAGE_OPTIONS": "-e API_TOKEN=hidden" + "word --env PLAIN=shown"]
            let result = try await project.sandbox.run(
                "sh", ["-c", script], in: project.folder,
                environment: project.storeVariables("a").merging(options) { $1 })
            #expect(result.lines.last == "status 0", "\(result)")
            #expect(Set(result.lines.dropLast()) == ["0"])
            #expect(try project.sandbox.text("\(project.folder)/out").hasSuffix("hiddenword shown\n"))
        }
    }

    @Test func optionsThatConcernTheContainerLeaveNoneBehind() async throws {
        try await Project.with { (project) async throws in
            try Self.write(
                project,
                levels: """
                    unit: {command: [sh, -c, 'exit 127'], network: none, options: [--name, own, --rm]}
                    """)
            let trust = ["CACHE_IMAGE_TRUST": "1"]
            for _ in 0..<2 {
                let run = try await project.runTests("unit", environment: trust)
                #expect(run.status == 127)
                #expect(!run.error.contains("could not start"), "\(run)")
                #expect(try await project.podman("ps", "-aq").check().lines == [])
            }
            // That of somebody else stays.
            try await project.podman("create", "--name", "own", "localhost/demo:latest", "true").check()
            let run = try await project.runTests("unit", environment: trust)
            #expect(run.status == 125)
            #expect(run.error.contains("podman has a container own already"), "\(run)")
            #expect(try await project.podman("ps", "-aq").check().lines.count == 1)
        }
    }

    @Test(.enabled(if: Requirements.tools("script"))) func aTerminalIsGivenWhereOneIsAskedFor() async throws {
        try await Project.with { (project) async throws in
            // The answer goes to a file: a terminal's last output may get lost when its container ends.
            let command = "[sh, -c, 'test -t 0 && test -t 1 && echo terminal >/x/answer || echo plain >/x/answer']"
            try Self.write(
                project,
                levels: """
                    shell: {command: \(command), tty: true, network: none, mounts: ["./answers:/x"]}
                    plain: {command: \(command), network: none, mounts: ["./answers:/x"]}
                    """, image: "target: test")
            try project.write("answers/answer", "")
            func answer() throws -> String { try project.sandbox.text("\(project.folder)/answers/answer") }
            try await project.runTests("shell").check()
            #expect(try answer() == "plain\n")
            for engine in ["podman", "buildah"] where Requirements.tools(engine) {
                for (level, expected) in [("shell", "terminal\n"), ("plain", "plain\n")] {
                    try project.write("answers/answer", "")
                    let program = Sandbox.products.appending("run-tests").string
                    let run = try await project.sandbox.run(
                        "script", ["-qec", "\(program) --engine \(engine) -q \(level)", "/dev/null"],
                        in: project.folder,
                        environment: try project.storeVariables("a"))
                    try run.check()
                    #expect(try answer() == expected, "\(engine) \(level): \(run.output)")
                }
            }
        }
    }

    @Test func aValueMayBeginWithADash() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("-x/cache-image.yml", "images: {demo: {}}\ntests: {levels: {unit: [a]}}\n")
            let file = ["--config", "-x/cache-image.yml"]
            for words in [["--options", "--network none"], ["--log-level", "-debug"]] {
                let list = try await sandbox.run("run-tests", file + words + ["--list"]).check()
                #expect(list.output == "unit\n")
            }
            let show = ["config", "show", "--build-arg", "-A=b", "--label", "--l=-m", "--target", "-t"]
            for words in [file + show, show + file] {
                let shown = try await sandbox.run("cache-image", words).check().output
                #expect(shown.contains("images.demo.args.-A") && shown.contains("images.demo.labels.--l"))
            }
            let inside = try await sandbox.run(
                "cache-image", ["-C", "-x", "--config", "cache-image.yml", "config", "show"])
            #expect(try inside.check().output.contains("images.demo"))
            let refused = try await sandbox.run("run-tests", file + ["--options", "-v $PWD:/x", "unit"]).check(125)
            #expect(refused.error.contains("\"$\" is for a shell"))
        }
    }
}
