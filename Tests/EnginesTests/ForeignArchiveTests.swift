import Archive
import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Requirements.tools("docker", "dockerd", "podman", "buildah", "skopeo", "busybox")))
struct ForeignArchiveTests {
    /// Archives of one image as the tools write them, each with its path.
    private func corpus(
        _ fixture: EngineFixture, _ podman: Engine, _ docker: Engine, id: String, canonical: FilePath
    ) async throws -> [(String, FilePath)] {
        let sandbox = fixture.sandbox
        var result: [(String, FilePath)] = [("ours", canonical)]
        let variables = podman.environment.mapValues { Optional($0) }
        let dockerVariables = docker.environment.mapValues { Optional($0) }
        func run(_ label: String, _ program: String, _ arguments: [String], _ environment: [String: String?])
            async throws
        {
            let path = sandbox.path("corpus/\(label)")
            let arguments = arguments.map { $0.replacingOccurrences(of: "OUT", with: path.string) }
            try await sandbox.run(program, arguments, environment: environment).check()
            result.append((label, path))
        }
        try FileManager.default.createDirectory(
            atPath: sandbox.path("corpus").string, withIntermediateDirectories: true)
        let name = "localhost/tiny:1"
        try await run("podman-docker", "podman", ["save", "--format", "docker-archive", "-o", "OUT", name], variables)
        try await run("podman-oci", "podman", ["save", "--format", "oci-archive", "-o", "OUT", name], variables)
        try await run("buildah-docker", "buildah", ["push", name, "docker-archive:OUT:tiny:1"], variables)
        try await run("buildah-oci", "buildah", ["push", name, "oci-archive:OUT:tiny:1"], variables)
        try await run("docker", "docker", ["save", "-o", "OUT", "tiny:1"], dockerVariables)
        let source = "docker-archive:\(canonical)"
        try await run("skopeo-docker", "skopeo", ["copy", source, "docker-archive:OUT:tiny:1"], variables)
        try await run(
            "skopeo-zstd", "skopeo",
            ["copy", "--dest-compress-format", "zstd", "--dest-compress", source, "oci-archive:OUT:tiny:1"], variables)
        for (label, path) in result where ["ours", "docker", "podman-oci"].contains(label) {
            for program in ["gzip", "zstd"] {
                let packed = sandbox.path("corpus/\(label).\(program)")
                try await sandbox.run("/bin/sh", ["-c", "\(program) -q -c '\(path)' > '\(packed)'"]).check()
                result.append(("\(label).\(program)", packed))
            }
        }
        // Docker 25's mixed form: an OCI layout and Docker's manifest that names its blobs.
        let mixed = sandbox.path("mixed")
        try await sandbox.run("skopeo", ["copy", source, "oci:\(mixed):tiny:1"], environment: variables).check()
        let index = try sandbox.text("mixed/index.json")
        let digest = try #require(index.split(separator: "sha256:").dropFirst().first?.prefix(64))
        let manifest = try JSONSerialization.jsonObject(with: Data(sandbox.read("mixed/blobs/sha256/\(digest)")))
        let root = try #require(manifest as? [String: Any])
        func blob(_ descriptor: Any?) -> String {
            let digest = (descriptor as? [String: Any])?["digest"] as? String ?? ""
            return "blobs/sha256/" + digest.dropFirst(7)
        }
        let layers = (root["layers"] as? [Any] ?? []).map { "\"\(blob($0))\"" }.joined(separator: ",")
        try sandbox.write(
            "mixed/manifest.json",
            "[{\"Config\":\"\(blob(root["config"]))\",\"RepoTags\":[\"tiny:1\"],\"Layers\":[\(layers)]}]")
        let path = sandbox.path("corpus/mixed")
        try await sandbox.run("tar", ["-cf", path.string, "-C", mixed.string, "."]).check()
        result.append(("mixed", path))
        return result
    }

    @Test func everyToolsArchiveIsLoadedAndComesOutTheSame() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let name = try ImageName("tiny:1")
                let podman = try fixture.engine(.podman, store: "a")
                let docker = try fixture.docker(environment)
                let dockerfile = EngineFixture.dockerfile
                let request = try fixture.request("tiny:1", context: fixture.context("context"), dockerfile: dockerfile)
                let built = try await podman.build(request)
                let canonical = fixture.sandbox.path("tiny.tar")
                let saved = try await podman.save(built.id, as: name, to: canonical)
                _ = try await docker.load(LoadRequest(archive: canonical, name: name))
                let corpus = try await corpus(fixture, podman, docker, id: built.id, canonical: canonical)
                let reader = try fixture.engine(.podman, store: "b")
                for (label, path) in corpus {
                    for engine in [reader, docker] {
                        if let old = try await engine.image(named: name) {
                            try await fixture.remove(old.id, from: engine)
                        }
                        let loaded = try await engine.load(LoadRequest(archive: path, name: name))
                        // A tool that converts to OCI types writes another config; the layers are the same always.
                        #expect(loaded.layers == saved.layers, "\(label)")
                        if !label.contains("oci"), label != "mixed", label != "skopeo-zstd" {
                            #expect(loaded.config == saved.config, "\(label)")
                        }
                        let again = fixture.sandbox.path("again.tar")
                        let result = try await engine.save(loaded.id, as: name, to: again)
                        #expect(result.config == loaded.config && result.layers == loaded.layers, "\(label)")
                        try FileManager.default.removeItem(atPath: again.string)
                        #expect(try await engine.image(named: name)?.id == loaded.id, "\(label)")
                    }
                }
            }
        }
    }

    @Test func aDamagedArchiveTagsNothing() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.withDocker { environment in
                let name = try ImageName("tiny:1")
                let podman = try fixture.engine(.podman, store: "a")
                let built = try await podman.build(fixture.request("tiny:1", context: fixture.context("context")))
                let path = fixture.sandbox.path("tiny.tar")
                _ = try await podman.save(built.id, as: name, to: path)
                try await fixture.remove(built.id, from: podman)
                let good = try fixture.sandbox.read("tiny.tar")
                let engines = try [podman, fixture.docker(environment), fixture.engine(.buildah, store: "b")]
                var bad: [[UInt8]] = []
                for place in 0..<10 {
                    var bytes = good
                    bytes[good.count / 10 * place + 700] ^= 0x20
                    bad.append(bytes)
                    bad.append(Array(good[..<(good.count / 10 * place + 700)]))
                }
                for (number, bytes) in bad.enumerated() {
                    try fixture.sandbox.write("bad.tar", bytes: bytes)
                    // Each damage meets each engine over the run of the loop, podman all of them.
                    for engine in number % 4 == 0 ? engines : [engines[0]] {
                        var request = LoadRequest(archive: fixture.sandbox.path("bad.tar"), name: name)
                        request.isStrict = true
                        do {
                            _ = try await engine.load(request)
                            Issue.record("\(engine.name) loaded damage \(number)")
                        } catch let error as ArchiveError {
                            #expect(error.kind == .corrupt, "\(error)")
                        }
                        #expect(try await engine.list().isEmpty, "\(engine.name) \(number)")
                    }
                }
            }
        }
    }
}
