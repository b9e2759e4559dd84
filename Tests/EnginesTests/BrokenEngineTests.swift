import Archive
import Engines
import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

/// Engines that are not there, die, hang or talk nonsense: shell scripts under an engine's name.
@Suite(.timeLimit(.minutes(2))) struct BrokenEngineTests {
    private func engine(
        _ sandbox: Sandbox, _ script: String, dialect: Dialect = .podman, limit: Duration = .seconds(30)
    ) throws -> Engine {
        try sandbox.write("bin/\(dialect.name)", "#!/bin/sh\n\(script)\n", permissions: 0o755)
        var environment = sandbox.environment
        environment["PATH"] = sandbox.path("bin").string + ":/usr/bin:/bin"
        var engine = try EngineFixture.engine(dialect, environment: environment)
        engine.limits = Engine.Limits(question: limit, transfer: limit)
        return engine
    }

    private func kind(_ body: () async throws -> Void) async throws -> EngineError.Kind? {
        do {
            try await body()
            return nil
        } catch let error as EngineError {
            #expect(error.description.hasPrefix("cannot "))
            return error.kind
        }
    }

    @Test func anEngineThatHangsIsEnded() async throws {
        try await Sandbox.with { sandbox in
            let script = "sleep 1000 & echo $! > \(sandbox.root)/pid; wait"
            let engine = try engine(sandbox, script, limit: .seconds(1))
            let name = try ImageName("x")
            #expect(try await kind { _ = try await engine.image(named: name) } == .hung)
            let pid = try sandbox.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            if open("/dev/tty", O_RDWR) < 0 {
                // What the engine started is gone, too; if nobody buried it yet, its command line is empty.
                func command() -> Data { FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data() }
                for _ in 0..<50 where !command().isEmpty { try await Task.sleep(for: .milliseconds(100)) }
                #expect(command().isEmpty)
            }
            let path = sandbox.path("x.tar")
            #expect(try await kind { _ = try await engine.save("x", as: name, to: path) } == .hung)
            #expect(!FileManager.default.fileExists(atPath: path.string))
            #expect(!FileManager.default.fileExists(atPath: path.string + ".spool"))
        }
    }

    @Test func anEngineThatIsKilledDied() async throws {
        try await Sandbox.with { sandbox in
            let engine = try engine(sandbox, "echo part of a tar; kill -9 $$")
            let name = try ImageName("x")
            #expect(try await kind { _ = try await engine.image(named: name) } == .died(signal: 9))
            #expect(
                try await kind { _ = try await engine.save("x", as: name, to: sandbox.path("x")) } == .died(signal: 9))
            try FileManager.default.createDirectory(atPath: sandbox.path("c").string, withIntermediateDirectories: true)
            let request = BuildRequest(context: sandbox.path("c"), dockerfile: [], name: name, scratch: sandbox.root)
            #expect(try await kind { _ = try await engine.build(request) } == .died(signal: 9))
        }
    }

    @Test func anEngineThatTalksNonsense() async throws {
        try await Sandbox.with { sandbox in
            let engine = try engine(sandbox, "echo '<html>'")
            let name = try ImageName("x")
            #expect(try await kind { _ = try await engine.image(named: name) } == .failed(status: 0))
            do {
                _ = try await engine.save("x", as: name, to: sandbox.path("x"))
                Issue.record("that is no archive")
            } catch let error as ArchiveError {
                #expect(error.kind == .corrupt)
            }
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("x").string))
        }
    }

    @Test func anEngineThatRefusesAnArchive() async throws {
        try await EngineFixture.with { fixture in
            let real = try fixture.engine(.podman, store: "a")
            let built = try await real.build(fixture.request("tiny:1", context: fixture.context("context")))
            let (name, path) = (try ImageName("tiny:1"), fixture.sandbox.path("tiny.tar"))
            _ = try await real.save(built.id, as: name, to: path)
            for script in [
                "echo 'Error: no space left on device' >&2; exit 125", "head -c 100000; echo 'Error: no' >&2; exit 1",
            ] {
                let engine = try engine(fixture.sandbox, script)
                do {
                    _ = try await engine.load(LoadRequest(archive: path, name: name))
                    Issue.record("that should fail")
                } catch let error as EngineError {
                    #expect(error.kind == .refused && error.description.contains(": no"), "\(error)")
                }
            }
        }
    }

    @Test func aFullDiskOfTheEngineIsNamed() async throws {
        try await Sandbox.with { sandbox in
            let lines = [
                "Error: payload does not match any of the supported image formats:", " * oci: open /x/index.json: no",
                " * docker-archive: writing blob: write /a: no space left on device",
                " * dir: open /x/manifest.json: no",
            ]
            let script = """
                if [ "$1" = info ]; then echo /the/store; exit; fi
                cat >/dev/null; printf '%s\\n' '\(lines.joined(separator: "' '"))' >&2; exit 125
                """
            try await EngineFixture.smallArchive(in: sandbox)
            let engine = try engine(sandbox, script)
            let request = LoadRequest(archive: sandbox.path("small.tar"), name: try ImageName("tiny:1"))
            let error = await #expect(throws: EngineError.self) { _ = try await engine.load(request) }
            #expect(error?.kind == .refused)
            #expect(
                error?.description.contains("the disk of podman is full: docker-archive: ") == true,
                "\(String(describing: error))")
            #expect(error?.hint?.contains("/the/store") == true)
        }
    }

    /// What a builder says, and what the error makes of it.
    private static let failures = [
        (
            #"STEP 1/2: FROM x\nSTEP 2/2: RUN echo "a b" && false\nError: building at STEP "RUN echo "a b" && false": exit status 1"#,
            #"cannot build tiny:1 at RUN echo "a b" && false: exit status 1"#
        ),
        (
            #"[1/2] STEP 1/1: FROM x\n[2/2] STEP 2/2: RUN a "b"\nError: building at STEP "RUN a "b"": exit status 1"#,
            #"cannot build tiny:1 at RUN a "b": exit status 1"#
        ),
        (
            #"Error: building at STEP "RUN a "b" c": exit status 1"#,
            #"cannot build tiny:1 at RUN a "b" c: exit status 1"#
        ),
    ]

    @Test(arguments: failures)
    func theFailedStepIsNamedWholeAndOnce(said: String, message: String) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("said", said.replacingOccurrences(of: #"\n"#, with: "\n") + "\n")
            try sandbox.write("c/a", "")
            let script =
                "if [ $1 = --version ]; then echo podman version 5.0.0; else cat \(sandbox.root)/said >&2; exit 1; fi"
            let engine = try engine(sandbox, script)
            let request = BuildRequest(
                context: sandbox.path("c"), dockerfile: [], name: try ImageName("tiny:1"), scratch: sandbox.root)
            let error = await #expect(throws: EngineError.self) { _ = try await engine.build(request) }
            #expect(error?.description == message)
        }
    }

    @Test(arguments: [("4.3.1", true), ("4.7.9", true), ("4.8.0", false), ("5.0.0", false)])
    func heredocsAreForEnginesThatKnowThem(version: String, isRefused: Bool) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("c/a", "")
            let engine = try engine(sandbox, "[ $1 = --version ] && echo podman version \(version)")
            var request = BuildRequest(
                context: sandbox.path("c"), dockerfile: [], name: try ImageName("tiny:1"), scratch: sandbox.root)
            request.heredoc = "Dockerfile:4"
            let final = request
            let error = await #expect(throws: EngineError.self) { _ = try await engine.build(final) }
            let isNamed = error?.description.contains("podman \(version) does not know heredocs (Dockerfile:4)") == true
            #expect(isNamed == isRefused, "\(String(describing: error))")
        }
    }

    @Test func theDaemonsOldApiIsSpoken() async throws {
        try await Sandbox.with { sandbox in
            let text =
                "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41"
            let script = """
                if [ "$DOCKER_API_VERSION" = 1.41 ]; then echo 20.10.1; else echo '\(text)' >&2; exit 1; fi
                """
            let engine = try engine(sandbox, script, dialect: .docker)
            #expect(try await engine.version() == "docker 20.10.1")
        }
    }
}
