import Archive
import Foundation
import Hashing
import OCI
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// Loads of which the engine has a part, and what engines make of damage.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .enabled(if: Requirements.tools("docker", "dockerd", "podman", "buildah")))
struct SparingTests {
    /// Writes a canonical archive of an image with one layer per text.
    static func archive(
        _ file: String, _ texts: [String], name: String = "tiny:1", in sandbox: Sandbox
    ) async throws -> CanonicalArchive {
        let folder = "parts-\(file)"
        var names: [String] = []
        var digests: [String] = []
        for (number, text) in texts.enumerated() {
            try sandbox.write("\(folder)/file-\(text)", String(repeating: text, count: 200_000))
            let layer = "layer\(number).tar"
            let options = ["--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]
            try await sandbox.run("tar", options + ["-cf", layer, "file-\(text)"], in: folder).check()
            let digest = try await sandbox.run("sha256sum", [layer], in: folder).check().output.prefix(64)
            names.append("\"\(layer)\"")
            digests.append("\"sha256:\(digest)\"")
        }
        let check = #""Healthcheck":{"Test":["CMD","true"],"Interval":5000000000}"#
        let roots = #""rootfs":{"type":"layers","diff_ids":[\#(digests.joined(separator: ","))]}"#
        try sandbox.write(
            "\(folder)/config.json", #"{"architecture":"amd64","os":"linux","config":{\#(check)},\#(roots)}"#)
        try sandbox.write(
            "\(folder)/manifest.json",
            #"[{"Config":"config.json","RepoTags":["\#(name)"],"Layers":[\#(names.joined(separator: ","))]}]"#)
        try await sandbox.run("/bin/sh", ["-c", "tar -cf ../\(file).foreign *"], in: folder).check()
        return try ImageArchive(sandbox.path("\(file).foreign")).canonicalise(
            as: ImageName(name), to: sandbox.path(file))
    }

    /// Runs `body` with each engine that is spared layers, its store empty.
    private static func withEngines(_ body: (EngineFixture, Engine) async throws -> Void) async throws {
        try await EngineFixture.with { fixture in
            try await body(fixture, fixture.engine(.podman, store: "a"))
            try await body(fixture, fixture.engine(.buildah, store: "b"))
            try await fixture.withDocker { try await body(fixture, fixture.docker($0)) }
        }
    }

    private static func request(_ file: String, _ fixture: EngineFixture, name: String = "tiny:1") throws
        -> LoadRequest
    {
        var request = LoadRequest(archive: fixture.sandbox.path(file), name: try ImageName(name))
        request.isStrict = true
        request.scratch = fixture.sandbox.path("scratch")
        return request
    }

    @Test func onlyWhatTheEngineLacksIsReadAndSent() async throws {
        try await Self.withEngines { fixture, engine in
            let (sandbox, name) = (fixture.sandbox, try ImageName("tiny:1"))
            let label = "\(engine.name)"
            try FileManager.default.createDirectory(
                atPath: sandbox.path("scratch").string, withIntermediateDirectories: true)
            let first = try await Self.archive("\(label)-1.tar", ["a", "b", "c"], in: sandbox)
            let second = try await Self.archive("\(label)-2.tar", ["a", "b", "d"], in: sandbox)
            let all = try await engine.load(Self.request("\(label)-1.tar", fixture))
            #expect(all.bytesSent == first.size, "\(label)")

            // Layers that it has are not read: damage there changes nothing.
            let good = try sandbox.read("\(label)-2.tar")
            var bytes = good
            for place in [5000, Int(second.layers[0].size) + 5000] { bytes[place] ^= 1 }
            try sandbox.write("\(label)-2.tar", bytes: bytes)
            var request = try Self.request("\(label)-2.tar", fixture)
            request.predecessor = try await engine.image(named: name)
            // A layer that it lacks is.
            bytes[second.layers.prefix(2).reduce(5000) { $0 + Int($1.size) }] ^= 1
            try sandbox.write("\(label)-bad.tar", bytes: bytes)
            request.archive = sandbox.path("\(label)-bad.tar")
            await #expect(throws: ArchiveError.self, "\(label)") { try await engine.load(request) }
            #expect(try await engine.image(named: name)?.digest == first.imageID, "\(label)")
            #expect(try await engine.list().count == 1, "\(label)")

            request.archive = sandbox.path("\(label)-2.tar")
            let part = try await engine.load(request)
            #expect(
                part.bytesSent == second.size - second.layers[0].size - second.layers[1].size
                    - (label == "docker" ? 1024 : 0), "\(label)")
            let held = try #require(try await engine.image(named: name))
            #expect(held.digest == second.imageID && held.runtime.healthcheck != nil, "\(label)")
            #expect(part.id == held.id && part.layers == second.layers, "\(label)")
            let again = sandbox.path("\(label)-again.tar")
            #expect(try await engine.save(held.id, as: name, to: again) == second, "\(label)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path("scratch").string) == [])
        }
    }

    @Test func anEngineRefusesAFlipInEveryLayerThatItReads() async throws {
        try await EngineFixture.with { fixture in
            let sandbox = fixture.sandbox
            let archive = try await Self.archive("a.tar", ["a", "b", "c"], in: sandbox)
            let good = try sandbox.read("a.tar")
            let engines = try [fixture.engine(.podman, store: "a"), fixture.engine(.buildah, store: "b")]
            for engine in engines {
                guard case .file(let arguments) = engine.dialect.images.sparing else {
                    Issue.record("\(engine.name) reads no file")
                    continue
                }
                var place = 0
                for layer in archive.layers {
                    var bytes = good
                    bytes[place + Int(layer.size) / 2] ^= 4
                    place += 512 + Int(layer.size)
                    try sandbox.write("bad.tar", bytes: bytes)
                    let file = try CanonicalFile(sandbox.path("bad.tar"), expecting: archive.imageID)
                    defer { file.close() }
                    // As if the engine had said that it has them all.
                    let request = try Self.request("bad.tar", fixture)
                    let error = await #expect(throws: EngineError.self) {
                        try await engine.handOver(
                            file, to: arguments, without: Set(archive.layers.map(\.digest)), request
                        ) { _ in }
                    }
                    #expect(error?.kind == .refused, "\(engine.name)")
                    #expect(try await engine.list().isEmpty, "\(engine.name)")
                }
            }
        }
    }

    @Test func whatTheEngineDoesNotHaveAfterAllIsSentAsAWhole() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let sandbox = fixture.sandbox
                let archive = try await Self.archive("a.tar", ["a", "b"], in: sandbox)
                let podman = try fixture.engine(.podman, store: "a")
                _ = try await podman.load(Self.request("a.tar", fixture))
                var request = try Self.request("a.tar", fixture)
                request.predecessor = try await podman.image(named: request.name)
                let notes = Mutex<[String]>([])
                let note = { @Sendable (text: String) in notes.withLock { $0.append(text) } }
                let client = try fixture.docker(environment)
                let docker = Engine(.docker, executable: client.executable, environment: environment, note: note)
                #expect(try await docker.load(request).bytesSent == archive.size)
                #expect(try await docker.image(named: request.name)?.digest == archive.imageID)
                #expect(notes.withLock { $0 }.contains { $0.contains("it is given the whole archive") })

                // An engine that cannot read a file of ours.
                let other = try fixture.engine(.podman, store: "b")
                let program = sandbox.path("podman-without-pull")
                try sandbox.write(
                    "podman-without-pull",
                    "#!/bin/sh\n[ \"$1\" = pull ] && { echo no >&2; exit 125; }\nexec \(other.executable) \"$@\"\n",
                    permissions: 0o755)
                let stubborn = Engine(.podman, executable: program, environment: other.environment, note: note)
                notes.withLock { $0 = [] }
                #expect(try await stubborn.load(request).bytesSent == archive.size)
                #expect(try await other.image(named: request.name)?.digest == archive.imageID)
                #expect(notes.withLock { $0 }.contains { $0.contains("it is given the whole archive") })
            }
        }
    }

    @Test func namesOfEveryFormAreGiven() async throws {
        try await EngineFixture.with { fixture in
            for (number, engine) in try [
                fixture.engine(.podman, store: "a"), fixture.engine(.buildah, store: "b"),
            ].enumerated() {
                for (text, held) in [
                    ("tiny:1", "localhost/tiny:1"), ("team/app:dev", "localhost/team/app:dev"),
                    ("h.io/a:2", "h.io/a:2"), ("docker.io/library/x:3", "docker.io/library/x:3"),
                    ("localhost/y:4", "localhost/y:4"),
                ] {
                    let file = "\(number)-\(text.filter { $0 != "/" && $0 != ":" }).tar"
                    let archive = try await Self.archive(
                        file, ["a", text.filter { $0 != "/" }], name: text, in: fixture.sandbox)
                    let loaded = try await engine.load(Self.request(file, fixture, name: text))
                    let names = try await engine.list().first { $0.id == archive.imageID.hexadecimal }?.names
                    #expect(names == [held] && loaded.digest == archive.imageID, "\(engine.name) \(text)")
                }
            }
        }
    }
}
