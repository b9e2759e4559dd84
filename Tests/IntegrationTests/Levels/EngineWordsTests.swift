import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What a test or a step of a build prints is its own affair: it changes nothing, is shown as it comes, and is never lost.
@Suite(.enabled(if: Requirements.tools("podman", "buildah", "git")), .tags(.engine)) struct EngineWordsTests {
    /// Levels that talk like an engine that has no network or may not raise limits; each notes that it ran.
    private static func configuration(_ engine: String) -> String {
        """
        engine: \(engine)
        images: {demo: {target: test}}
        tests:
          levels:
            nested:
              command: [sh, -c, 'echo run >>/out/nested; echo "Error: netavark: iptables: no network found" >&2; echo "  at inner.c:3" >&2; exit 125']
              mounts: ["./out:/out"]
            limit:
              command: [sh, -c, 'echo run >>/out/limit; echo "Error: setrlimit failed: error setting rlimit" >&2; exit 126']
              mounts: ["./out:/out"]
            away:
              command: [sh, -c, 'echo run >>/out/away; echo "Cannot connect to the Docker daemon at unix:///x" >&2; exit 1']
              mounts: ["./out:/out"]
            net: [ls, /sys/class/net]
            hang: [sh, -c, 'echo "time=\\"2026-01-01\\" level=error msg=deadlock" >&2; sleep 60; true']

        """
    }

    @Test(arguments: ["podman", "buildah"])
    func aTestThatTalksLikeAnEngineRunsOnce(_ engine: String) async throws {
        try await Project.with { (project) async throws in
            try project.write("cache-image.yml", Self.configuration(engine))
            try project.write("out/.keep", "")
            let before = try await project.runTests("net").check().output
            for (level, status, words) in [
                ("nested", 125, "Error: netavark: iptables: no network found\n  at inner.c:3\n"),
                ("limit", 126, "Error: setrlimit failed: error setting rlimit\n"),
                ("away", 1, "Cannot connect to the Docker daemon at unix:///x\n"),
            ] {
                let result = try await project.runTests(level).check(Int32(status))
                #expect(result.error.hasPrefix(words), "\(result)")
                #expect(try project.sandbox.text("project/out/\(level)") == "run\n")
            }
            #expect(try await project.runTests("net").check().output == before)
            #expect(before.contains("lo"))
        }
    }

    @Test func aStepThatTalksLikeAnEngineIsBuiltOnceAndNothingIsRemembered() async throws {
        try await Project.with { (project) async throws in
            let step = "RUN echo 'wlan0: no network found' >&2; exit 3\n"
            try project.write("Dockerfile", Project.dockerfile + step)
            let failed = try await project.cacheImage("update").check(13)
            #expect(failed.error.components(separatedBy: "RUN echo 'wlan0").count >= 2)
            let log = try project.sandbox.text("project/.git/cache-image/demo-latest.log")
            #expect(log.components(separatedBy: "wlan0: no network found\n").count == 2, "\(log)")
            #expect(!failed.error.contains("host's network"))
            try project.write("Dockerfile", Project.dockerfile)
            let state = "home/.local/state/cache-image/machine.json"
            try await project.cacheImage("update").check()
            #expect(try project.sandbox.text(state).contains("network=host") == false)
        }
    }

    /// Starts `run-tests hang` with its output in a file, and waits until the test has spoken.
    private func startHanging(_ project: Project) async throws -> (process: ChildProcess, shown: () -> String) {
        let path = project.sandbox.path("shown").string
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        var environment = project.sandbox.environment
        for (name, value) in try project.storeVariables("a") { environment[name] = value }
        let process = try ChildProcess(
            Sandbox.products.appending("run-tests"), ["-C", project.path("").string, "hang"], environment: environment,
            output: file, takesErrors: true)
        try file.close()
        let shown = { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        for _ in 0..<300 where !shown().contains("deadlock") { try await Task.sleep(for: .milliseconds(100)) }
        return (process, shown)
    }

    @Test func whatATestPrintsIsShownAtOnceAndNotLostByAnInterrupt() async throws {
        try await Project.with { (project) async throws in
            try project.write("cache-image.yml", Self.configuration("podman"))
            try await project.cacheImage("update").check()
            let (process, shown) = try await startHanging(project)
            #expect(shown().contains("time=\"2026-01-01\" level=error msg=deadlock\n"))
            kill(process.pid, SIGINT)
            var status: Int32 = 0
            for _ in 0..<300 where waitpid(process.pid, &status, WNOHANG) == 0 {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect((status >> 8) & 0xFF == 130)
            #expect(shown().contains("deadlock"))
            #expect(try await project.podman("ps", "-aq").check().output == "")
        }
    }

    @Test(arguments: ["podman", "buildah"], [true, false])
    func theContainerOfAKilledRunIsRemovedByTheNextCommandThatActs(_ engine: String, hasHome: Bool) async throws {
        // buildah's containers carry no label, so that only notes tell of them.
        if engine == "buildah", !hasHome { return }
        try await Project.with { (project) async throws in
            try project.write("cache-image.yml", Self.configuration(engine))
            try await project.cacheImage("update").check()
            let state = project.sandbox.path("home/.local/state")
            if !hasHome {
                try? FileManager.default.removeItem(atPath: state.string)
                try project.sandbox.write("home/.local/state", "no folder")
            }
            func containers() async throws -> [String] {
                let arguments = engine == "podman" ? ["ps", "-aq"] : ["containers", "-q"]
                return try await project.sandbox.run(
                    engine, arguments, environment: try project.storeVariables("a")
                ).check().lines
            }
            let (living, _) = try await startHanging(project)
            let (killed, _) = try await startHanging(project)
            #expect(try await containers().count == 2)
            killed.end()
            let next = try await project.runTests("-v", "net").check()
            #expect(next.error.contains("of a run that was killed"), "\(next)")
            // The container of the run that lives stays.
            #expect(try await containers().count == 1)
            living.end()
            try await project.cacheImage("build").check()
            #expect(try await containers() == [])
        }
    }

    @Test func aHitStartsNoProgramOfTheEngine() async throws {
        try await Project.with { (project) async throws in
            try project.write("cache-image.yml", Project.configuration.replacingOccurrences(of: "podman", with: "auto"))
            let real = Sandbox.find("podman", in: project.sandbox.environment["PATH"] ?? "")
            let calls = project.sandbox.path("calls")
            try project.sandbox.write(
                "bin/podman", "#!/bin/sh\necho \"$*\" >>'\(calls)'\nexec '\(real)' \"$@\"\n", permissions: 0o755)
            let path = project.sandbox.path("bin").string + ":" + (project.sandbox.environment["PATH"] ?? "")
            try await project.cacheImage("update", environment: ["PATH": path]).check()
            try FileManager.default.removeItem(atPath: calls.string)
            let hit = try await project.cacheImage("update", environment: ["PATH": path]).check()
            #expect(Project.words(hit)[0] == "current")
            // The records of the store say that it has the image.
            #expect(!FileManager.default.fileExists(atPath: calls.string))
            // A level asks once how the image is run; its container is run and removed.
            try await project.runTests("unit", environment: ["PATH": path]).check()
            try FileManager.default.removeItem(atPath: calls.string)
            try await project.runTests("unit", environment: ["PATH": path]).check()
            let verbs = try project.sandbox.text("calls").split(separator: "\n").map { $0.split(separator: " ")[0] }
            #expect(verbs == ["image", "run", "rm"], "\(verbs)")
        }
    }

    @Test func theEngineCommandSaysWhichEngineAndWhy() async throws {
        try await Project.with { (project) async throws in
            let text = try await project.cacheImage("engine").check().output
            #expect(text.hasPrefix("podman ") && text.contains("(cache-image.yml:1): requested, and it answers"))
            let json = try await project.cacheImage("engine", "--json").check().output
            #expect(json.contains("\"engine\": \"podman\"") && json.contains("\"remembered\": true"))
            let away = ["DOCKER_HOST": "unix:///no/such.sock"]
            let docker = try await project.cacheImage("engine", "--engine", "docker", environment: away).check(12)
            #expect(docker.output == "")
            #expect(docker.error.contains("the daemon does not answer at unix:///no/such.sock\nhint: "))
            let bare = try await project.cacheImage(
                "update", "--engine", "auto", environment: ["PATH": project.sandbox.root.string])
            #expect(
                try bare.check(12).error.contains("podman: not on PATH; docker: not on PATH; buildah: not on PATH"))
        }
    }
}
