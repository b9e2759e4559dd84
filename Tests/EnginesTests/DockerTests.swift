import Archive
import Engines
import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Requirements.tools("docker", "dockerd", "busybox")))
struct DockerTests {
    @Test func bothBuildersBuildAndTheImageTravels() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let name = try ImageName("tiny:1")
                let buildKit = try fixture.docker(environment)
                let legacy = try fixture.docker(environment, legacy: true)
                let first = try await buildKit.build(fixture.request("tiny:1", context: fixture.context("one")))
                #expect(first.builder == "docker buildkit")
                let second = try await legacy.build(fixture.request("tiny:2", context: fixture.context("two")))
                #expect(second.builder == "docker legacy")
                #expect(try await buildKit.version().hasPrefix("docker "))

                let path = fixture.sandbox.path("tiny.tar")
                let saved = try await legacy.save(first.id, as: name, to: path)
                #expect(saved.imageID.hexadecimal == first.id)
                #expect(try ImageArchive(path).verify() == saved)
                let image = try #require(try await legacy.image(named: name))
                #expect(image.id == first.id && image.configDigest == saved.imageID)
                #expect(image.runtime == saved.config.runtime && image.contentID == saved.config.contentID)

                #expect(try await legacy.remove(first.id))
                #expect(try await legacy.image(named: name) == nil)
                let loaded = try await legacy.load(LoadRequest(archive: path, name: name))
                #expect(loaded.id == first.id)
                #expect(try await legacy.image(named: name)?.id == first.id)
                #expect(try await legacy.run(RunRequest(image: first.id, command: ["/bin/sh", "-c", "exit 7"])) == 7)
                #expect(try await legacy.run(RunRequest(image: first.id, command: ["/no/such"])) == 127)
                var other = RunRequest(image: first.id, command: ["-c", "exit 6"])
                other.entrypoint = ["/bin/sh"]
                #expect(try await legacy.run(other) == 6)
                let missing = RunRequest(image: "no-such-image", command: ["true"])
                await #expect(throws: EngineError.self) { try await legacy.run(missing) }

                // Another image takes the name; a load gives it back.
                try await legacy.tag(second.id, as: name)
                _ = try await legacy.load(LoadRequest(archive: path, name: name))
                #expect(try await legacy.image(named: name)?.id == first.id)
            }
        }
    }

    @Test func aFailedBuildNamesItsStep() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                for isLegacy in [true, false] {
                    let engine = try fixture.docker(environment, legacy: isLegacy)
                    var request = try fixture.request("bad:1", context: fixture.context("context-\(isLegacy)"))
                    request.dockerfile += Array("RUN exit 3\n".utf8)
                    request.legacyDockerfile = request.dockerfile
                    do {
                        _ = try await engine.build(request)
                        Issue.record("the build should fail")
                    } catch let error as EngineError {
                        #expect(error.kind == .buildFailed(step: "RUN exit 3"), "\(error) \(error.lastLines)")
                        #expect(error.description.contains("code: 3"), "\(error)")
                    }
                }
            }
        }
    }

    @Test func aDaemonThatIsAwayIsUnreachable() async throws {
        try await EngineFixture.with { fixture in
            for host in ["unix:///no/such.sock", "tcp://127.0.0.1:1"] {
                var environment = fixture.sandbox.environment
                environment["DOCKER_HOST"] = host
                for isLegacy in [true, false] {
                    let engine = try fixture.docker(environment, legacy: isLegacy)
                    let request = try fixture.request("x:1", context: fixture.context("c\(isLegacy)\(host.count)"))
                    do {
                        _ = try await engine.build(request)
                        Issue.record("the build should fail")
                    } catch let error as EngineError {
                        #expect(error.kind == .unreachable, "\(error)")
                    }
                    do {
                        _ = try await engine.image(named: ImageName("x:1"))
                        Issue.record("the look-up should fail")
                    } catch let error as EngineError {
                        #expect(error.kind == .unreachable, "\(error)")
                    }
                }
            }
        }
    }
}
