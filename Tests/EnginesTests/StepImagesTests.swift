import Archive
import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// The images of steps in real engines: found, brought elsewhere without names, and removed where nobody needs them.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .enabled(if: Requirements.tools("docker", "dockerd", "podman", "buildah")))
struct StepImagesTests {
    /// The images that led to one, with its archive and their configs.
    private struct Made {
        let top: SHA256Digest
        let archive: CanonicalFile
        let images: [StepImage]
    }

    private static func make(_ engine: Engine, _ fixture: EngineFixture) async throws -> Made {
        let built = try await engine.build(fixture.request("tiny:1", context: fixture.context("context")))
        let links = try await engine.ladder(to: [built.digest], from: [])
        let stored = try await engine.storedConfigs(links.map(\.id))
        let path = fixture.sandbox.path("tiny.tar")
        let others = stored == nil ? links.map(\.id).filter { $0 != built.digest } : []
        let saved = try await engine.save(built.id, as: ImageName("tiny:1"), to: path, alongside: others)
        // What else stands in the stream changes nothing.
        let alone = fixture.sandbox.path("alone.tar")
        _ = try await engine.save(built.id, as: ImageName("tiny:1"), to: alone)
        #expect(try fixture.sandbox.read("tiny.tar") == fixture.sandbox.read("alone.tar"), "\(engine.name)")
        let configs = [saved.config] + (stored ?? saved.others)
        let images = links.compactMap { link in
            configs.first { $0.digest == link.id }.map { StepImage(config: $0, parent: link.parent) }
        }
        #expect(images.count == links.count && images.count >= 7, "\(engine.name): \(links.count)")
        return Made(
            top: built.digest, archive: try CanonicalFile(path, expecting: saved.imageID), images: images)
    }

    private static func check(_ first: Engine, _ second: Engine, _ fixture: EngineFixture) async throws {
        let label = "\(second.name)"
        let made = try await make(first, fixture)
        let path = fixture.sandbox.path("steps.tar")
        _ = try StepsArchive.write(made.images, beside: made.archive, to: path)
        let steps = try StepsFile(path, beside: made.archive.config)
        defer {
            made.archive.close()
            steps.close()
        }
        let bundle = StepBundle(made.archive, steps)
        let ids = bundle.images.map(\.id)
        #expect(try await second.present(ids).isEmpty, "\(label)")
        let scratch = fixture.sandbox.path("scratch")
        try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: true)
        let sent = try await second.load(bundle, scratch: scratch)
        #expect(sent > made.archive.size, "\(label)")
        #expect(try await second.present(ids) == Set(ids), "\(label)")
        #expect(try await second.list().allSatisfy { $0.names.isEmpty }, "\(label)")
        let predecessor = try #require(try await second.image(made.top.hexadecimal))
        let again = try await second.load(bundle, predecessors: [predecessor], scratch: scratch)
        #expect(again < sent - 500_000, "\(label): \(again) of \(sent)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.string).isEmpty, "\(label)")

        // Nobody needs them; once the last has a name, it needs all of them, and is somebody's.
        #expect(try await Set(second.unneeded(of: ids)) == Set(ids), "\(label)")
        let name = try ImageName("mine:1")
        try await second.tag(made.top.hexadecimal, as: name)
        #expect(try await second.unneeded(of: ids).isEmpty, "\(label)")
        // Nor may those go from which an image without a name grew that is not among them.
        try await second.untag(name)
        if try await second.present([made.top]).isEmpty {
            _ = try await second.load(bundle, predecessors: [], scratch: scratch)
        }
        #expect(try await second.unneeded(of: ids.dropLast()).isEmpty, "\(label)")
        for id in ids.reversed() {
            let isRemoved = try await second.removeUnused(id.hexadecimal)
            // buildah takes away what is below an image with it.
            #expect(isRemoved || label == "buildah", "\(label)")
        }
        #expect(try await second.present(ids).isEmpty, "\(label)")
    }

    @Test func imagesOfStepsTravelWithoutNames() async throws {
        try await EngineFixture.with { fixture in
            try await Self.check(fixture.engine(.podman, store: "a"), fixture.engine(.podman, store: "b"), fixture)
        }
        try await EngineFixture.with { fixture in
            try await Self.check(fixture.engine(.podman, store: "a"), fixture.engine(.buildah, store: "b"), fixture)
        }
        try await EngineFixture.with { fixture in
            try await fixture.sandbox.withDocker("one") { first in
                try await fixture.sandbox.withDocker("two") { second in
                    try await Self.check(
                        fixture.docker(first, legacy: true), fixture.docker(second, legacy: true), fixture)
                }
            }
        }
    }

    @Test func anImageThatAContainerUsesStays() async throws {
        try await EngineFixture.with { fixture in
            let engine = try fixture.engine(.podman, store: "a")
            try await EngineFixture.smallArchive(in: fixture.sandbox)
            let name = try ImageName("tiny:1")
            let loaded = try await engine.load(LoadRequest(archive: fixture.sandbox.path("small.tar"), name: name))
            let variables = engine.environment.mapValues { Optional($0) }
            let container = try await fixture.sandbox.run(
                engine.executable.string, ["create", loaded.id, "/a"], environment: variables)
            try container.check()
            try await fixture.sandbox.run(
                engine.executable.string, ["untag", "localhost/tiny:1"], environment: variables
            ).check()
            #expect(try await engine.unneeded(of: [loaded.digest]) == [loaded.digest])
            #expect(try await !engine.removeUnused(loaded.id))
            #expect(try await engine.present([loaded.digest]) == [loaded.digest])
        }
    }
}
