import Archive
import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Requirements.tools("podman", "busybox"))) struct PodmanTests {
    @Test func anImageIsBuiltSavedLoadedAndRun() async throws {
        try await EngineFixture.with { fixture in
            let engine = try fixture.engine(.podman, store: "a")
            let built = try await engine.build(fixture.request("tiny:1", context: fixture.context("context")))
            let name = try ImageName("tiny:1")
            let image = try #require(try await engine.image(named: name))
            #expect(image.id == built.id)
            #expect(image.names == ["localhost/tiny:1"])
            #expect(image.runtime.healthcheck != nil && image.runtime.onBuild == ["RUN true"])
            #expect(try await engine.version().hasPrefix("podman "))

            let path = fixture.sandbox.path("tiny.tar")
            let saved = try await engine.save(built.id, as: name, to: path)
            #expect(saved.imageID.hexadecimal == built.id)
            #expect(saved.names == ["tiny:1"])
            #expect(try ImageArchive(path).verify() == saved)
            #expect(!FileManager.default.fileExists(atPath: path.string + ".spool"))

            let other = try fixture.engine(.podman, store: "b")
            #expect(try await other.image(named: name) == nil)
            #expect(try await other.exists(built.id) == false)
            let loaded = try await other.load(LoadRequest(archive: path, name: name))
            #expect(loaded.id == built.id && loaded.bytesSent == saved.size)
            #expect(try await other.image(named: name)?.id == built.id)
            #expect(try await other.exists(built.id))

            let again = fixture.sandbox.path("again.tar")
            #expect(try await other.save(built.id, as: name, to: again) == saved)

            #expect(try await other.run(RunRequest(image: built.id, command: ["/bin/sh", "-c", "exit 7"])) == 7)
            #expect(try await other.run(RunRequest(image: built.id, command: ["/bin/sh", "-c", "exit 125"])) == 125)
            #expect(try await other.run(RunRequest(image: built.id, command: ["/no/such"])) == 127)
            await #expect(throws: EngineError.self) {
                try await other.run(RunRequest(image: String(repeating: "0", count: 64), command: ["true"]))
            }
            try await fixture.remove(built.id, from: other)
            #expect(try await other.exists(built.id) == false)
            #expect(try await other.list().isEmpty)
        }
    }

    @Test func aFailedBuildNamesItsStep() async throws {
        try await EngineFixture.with { fixture in
            let engine = try fixture.engine(.podman, store: "a")
            var request = try fixture.request("bad:1", context: fixture.context("context"))
            request.dockerfile += Array("RUN exit 3\n".utf8)
            request.logFile = fixture.sandbox.path("log")
            do {
                _ = try await engine.build(request)
                Issue.record("the build should fail")
            } catch let error as EngineError {
                #expect(error.kind == .buildFailed(step: "RUN exit 3"))
                #expect(error.description.contains("exit status 3"), "\(error)")
            }
            #expect(try fixture.sandbox.text("log").contains("STEP 2/9: COPY busybox"))
            let names = try FileManager.default.contentsOfDirectory(atPath: fixture.sandbox.root.string)
            #expect(!names.contains { $0.hasPrefix(".tmp") })
        }
    }

    @Test func savingWhatIsNotThereIsItsOwnError() async throws {
        try await EngineFixture.with { fixture in
            let engine = try fixture.engine(.podman, store: "a")
            let path = fixture.sandbox.path("x.tar")
            do {
                _ = try await engine.save(String(repeating: "0", count: 64), as: ImageName("x"), to: path)
                Issue.record("the save should fail")
            } catch let error as EngineError {
                #expect(error.kind == .noSuchImage, "\(error)")
            }
            #expect(!FileManager.default.fileExists(atPath: path.string))
            #expect(!FileManager.default.fileExists(atPath: path.string + ".spool"))
        }
    }

    @Test func aRemotePodmanDoesTheSame() async throws {
        try await EngineFixture.with { fixture in
            let sandbox = fixture.sandbox
            let local = try fixture.engine(.podman, store: "a")
            let socket = "unix://\(sandbox.path("sock"))"
            let command = "podman --runtime runc system service -t 60 \(socket) >/dev/null 2>&1 & echo $!"
            let variables = local.environment.mapValues { Optional($0) }
            let started = try await sandbox.run("/bin/sh", ["-c", command], environment: variables)
            let pid = try #require(pid_t(started.lines.first ?? ""))
            defer { kill(pid, SIGTERM) }
            for _ in 0..<50 where !FileManager.default.fileExists(atPath: sandbox.path("sock").string) {
                try await Task.sleep(for: .milliseconds(100))
            }
            var environment = local.environment
            environment["CONTAINER_HOST"] = socket
            let remote = try EngineFixture.engine(.podman, environment: environment)
            let name = try ImageName("tiny:1")
            let built = try await remote.build(fixture.request("tiny:1", context: fixture.context("context")))
            let path = sandbox.path("tiny.tar")
            let saved = try await remote.save(built.id, as: name, to: path)
            try await fixture.remove(built.id, from: remote)
            let loaded = try await remote.load(LoadRequest(archive: path, name: name))
            #expect(loaded.id == built.id && loaded.config == saved.config)
            #expect(try await remote.run(RunRequest(image: built.id, command: ["/bin/sh", "-c", "exit 7"])) == 7)
            // An empty variable means no remote.
            environment["CONTAINER_HOST"] = ""
            let own = try EngineFixture.engine(.podman, environment: environment)
            #expect(try await own.image(named: name)?.runtime.onBuild == ["RUN true"])
        }
    }
}
