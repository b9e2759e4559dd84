import Engines
import Foundation
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// What SIGINT and SIGTERM do to us is the cancellation of a task: the engine's program ends and leaves nothing.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Requirements.tools("podman", "buildah", "docker", "dockerd", "busybox")))
struct CancellationTests {
    /// Whether a program with this text in its command line runs.
    private func runs(_ text: String) -> Bool {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return pids.contains { pid in
            guard Int(pid) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                return false
            }
            return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\0", with: " ").contains(text)
        }
    }

    private func cancel(
        after text: String, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let task = Task { try await body() }
        for _ in 0..<200 where !runs(text) { try await Task.sleep(for: .milliseconds(100)) }
        #expect(runs(text))
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(start.duration(to: .now) < .seconds(15))
        for _ in 0..<50 where runs(text) { try await Task.sleep(for: .milliseconds(100)) }
        #expect(!runs(text), "still there: \(text)")
    }

    @Test func aBuildOfPodmanOrBuildahIsStoppedAndLeavesNothing() async throws {
        try await EngineFixture.with { fixture in
            for (number, dialect) in [Dialect.podman, .buildah].enumerated() {
                let engine = try fixture.engine(dialect, store: "s\(number)")
                let context = try fixture.context("c\(number)")
                let text = "sleep 98765\(number)"
                let dockerfile = EngineFixture.dockerfile + "RUN \(text)\n"
                let request = try fixture.request("slow:1", context: context, dockerfile: dockerfile)
                try await cancel(after: text) { _ = try await engine.build(request) }
                let variables = engine.environment.mapValues { Optional($0) }
                let left = try await fixture.sandbox.run("buildah", ["containers", "-q"], environment: variables)
                    .check()
                #expect(left.lines == [], "\(dialect) left a working container")
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: fixture.sandbox.root.string)
            #expect(!names.contains { $0.hasPrefix(".tmp") }, "\(names)")
        }
    }

    @Test func aBuildOfDockerIsStopped() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                for isLegacy in [false, true] {
                    let engine = try fixture.docker(environment, legacy: isLegacy)
                    let text = "sleep 7654\(isLegacy ? 1 : 0)9"
                    let context = try fixture.context("c-\(isLegacy)")
                    let dockerfile = EngineFixture.dockerfile + "RUN \(text)\n"
                    let request = try fixture.request("slow:1", context: context, dockerfile: dockerfile)
                    try await cancel(after: text) { _ = try await engine.build(request) }
                    let variables = environment.mapValues { Optional($0) }
                    let left = try await fixture.sandbox.run("docker", ["ps", "-aq"], environment: variables).check()
                    #expect(left.lines == [], "docker left a container")
                }
            }
        }
    }

    @Test func aRunIsStoppedAndItsContainerRemoved() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let engines = try [
                    fixture.engine(.podman, store: "a"), fixture.docker(environment),
                    fixture.engine(.buildah, store: "b"),
                ]
                let dockerfile = EngineFixture.dockerfile.replacingOccurrences(of: "ONBUILD RUN true\n", with: "")
                for (number, engine) in engines.enumerated() {
                    let context = try fixture.context("c\(number)")
                    let built = try await engine.build(
                        fixture.request("tiny:1", context: context, dockerfile: dockerfile))
                    let text = "sleep 87654\(number)"
                    var request = RunRequest(image: built.id, command: ["/bin/sh", "-c", "\(text); true"])
                    request.isInteractive = false
                    let final = request
                    try await cancel(after: text) { _ = try await engine.run(final) }
                    let variables = engine.environment.mapValues { Optional($0) }
                    let arguments = engine.dialect == .buildah ? ["containers", "-q"] : ["ps", "-aq"]
                    let left = try await fixture.sandbox.run(engine.name, arguments, environment: variables)
                    #expect(try left.check().lines == [], "\(engine.name) left a container")
                }
            }
        }
    }
}
