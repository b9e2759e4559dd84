import Configuration
import Foundation
import Git
import Hashing
import OCI
import Records
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

/// `verify` finds every flipped bit of every file of an entry (docs/verify.md has the table of these runs).
@Suite(.enabled(if: Requirements.tools("git", "tar", "sha256sum")))
struct BitFlipTests {
    /// How much closer than usual the bits stand that are flipped; `BIT_FLIPS=20` takes minutes.
    private static let closeness = ProcessInfo.processInfo.environment["BIT_FLIPS"].flatMap { Int($0) } ?? 1

    /// Makes a repository with a small imported image, committed.
    private func withEntry(
        _ configuration: String, _ body: (Sandbox) async throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("Dockerfile", "FROM scratch\nCOPY a /\n")
            try sandbox.write("a", "1")
            try sandbox.write("cache-image.yml", "images: {demo: {platform: linux/amd64}}\n\(configuration)")
            try sandbox.write(".gitignore", "home\n/*.tar\n/*.json\n")
            try await sandbox.run("git", ["init", "-q"]).check()
            try await sandbox.run("git", ["add", "-A"]).check()
            try await sandbox.writeArchive(of: "a")
            try await sandbox.run("cache-image", ["import", "image.tar", "demo"]).check()
            try await sandbox.run("git", ["add", "-A"]).check()
            try await sandbox.run("git", ["commit", "-qm", "Entry"]).check()
            try await body(sandbox)
        }
    }

    /// Flips bits of a file, one after the other; the positions of those that nobody noticed.
    private func missed(_ sandbox: Sandbox, _ file: String, every step: Int) async throws -> (tried: Int, missed: [Int])
    {
        let place = try RepositoryPlace.find(
            from: sandbox.root, current: sandbox.root, environment: sandbox.environment)
        let configuration = try ProjectConfiguration.load(
            Overrides(), from: sandbox.root, workTree: sandbox.root, environment: sandbox.environment,
            refusal: { _ in nil })
        let cache = try CacheWorkspace(
            configuration, in: CheckoutView(place), environment: sandbox.environment, events: CacheEvents())
        func isFound() async -> Bool {
            // An error is a finding, too.
            (try? await cache.verifier.verify(configuration.images[0]).findings.isEmpty) != true
        }
        let sound = try sandbox.read(file)
        #expect(await !isFound())
        var missed: [Int] = []
        var tried = 0
        for bit in stride(from: 0, to: sound.count * 8, by: max(1, step / Self.closeness | 1)) {
            var bytes = sound
            bytes[bit / 8] ^= 1 << (bit % 8)
            try sandbox.write(file, bytes: bytes)
            tried += 1
            if await !isFound() { missed.append(bit) }
        }
        try sandbox.write(file, bytes: sound)
        #expect(await !isFound(), "\(file) is sound again")
        return (tried, missed)
    }

    @Test func everyFlippedBitOfAnEntryIsFound() async throws {
        try await withEntry("") { sandbox in
            let object = try #require(
                try await sandbox.run("find", [".git/lfs/objects", "-type", "f"]).check().lines.first)
            // The steps are odd, so that bits of all values are met.
            for (file, step) in [
                ("docker-cache/demo-latest.md5", 3), ("docker-cache/demo-latest.inputs.json", 201),
                ("docker-cache/demo-latest.tar", 2001), (object, 3001),
            ] {
                let result = try await missed(sandbox, file, every: step)
                #expect(result.missed == [], "\(file): \(result.missed.count) of \(result.tried) bits")
                #expect(result.tried > 30, "\(file)")
            }
            // The checksum of the record, on every bit of it.
            let record = try sandbox.read("docker-cache/demo-latest.inputs.json")
            #expect(RecordSum.verdict(of: record) == .sound)
            let unnoticed = (0..<(record.count * 8)).filter { bit in
                var bytes = record
                bytes[bit / 8] ^= 1 << (bit % 8)
                return RecordSum.verdict(of: bytes) != .wrong
            }
            #expect(record.count > 1_000 && unnoticed == [])
        }
    }

    @Test func everyFlippedBitOfAPointerIsFound() async throws {
        try await withEntry("git: {worktree: pointer}\n") { sandbox in
            let result = try await missed(sandbox, "docker-cache/demo-latest.tar", every: 9)
            #expect(result.tried > 100 && result.missed == [], "\(result)")
        }
    }

    @Test func everyFlippedBitOfALockIsFound() throws {
        var lock = BaseLock()
        for name in ["docker.io/library/debian:12", "registry.example/a/b:1"] {
            var runtime = RuntimeConfig()
            runtime.env = ["PATH=/bin", "A=b"]
            lock[try ImageReference(name), .linuxAMD64] = BaseLock.Entry(
                manifest: SHA256Digest(of: name.utf8), imageID: SHA256Digest(of: "c".utf8),
                diffIDs: [SHA256Digest(of: "l".utf8)], contentID: SHA256Digest(of: "i".utf8), runtime: runtime)
        }
        let sound = lock.document
        #expect(try BaseLock.read(sound, named: "lock") == lock)
        #expect(BaseLock.flaws(of: sound, named: "lock") == [])
        #expect(BaseLock.flaws(of: lock.documentWithoutSums, named: "lock") == [])
        var missed: [Int] = []
        for bit in stride(from: 0, to: sound.count * 8, by: 3) {
            var bytes = sound
            bytes[bit / 8] ^= 1 << (bit % 8)
            if BaseLock.flaws(of: bytes, named: "lock").isEmpty { missed.append(bit) }
        }
        #expect(sound.count > 500 && missed == [])
    }

    @Test(arguments: [
        ("{\"a\": {\n}}\n", RecordSum.Verdict.absent), ("{\"a\": 1}\n", .wrong), ("", .wrong),
    ])
    func aRecordWithoutAChecksumIsOfAnOlderProgram(text: String, verdict: RecordSum.Verdict) {
        #expect(RecordSum.verdict(of: Array(text.utf8)) == verdict)
    }

    @Test func theShareOfLayersIsReached() {
        let layers = (1...10).map { (digest: SHA256Digest(of: "\($0)".utf8), size: Int64($0 * 10)) }
        var generator = SeededGenerator(seed: 16)
        for percent in [1, 10, 50, 99, 100] {
            var met: Set<SHA256Digest> = []
            for _ in 0..<200 {
                let chosen = LayerSubset.choose(layers, percent: percent, using: &generator)
                let size = layers.reduce(0) { $0 + (chosen.contains($1.digest) ? $1.size : 0) }
                #expect(!chosen.isEmpty && size * 100 >= Int64(percent) * 550 || percent == 1)
                met.formUnion(chosen)
            }
            // Every layer's turn comes.
            #expect(met.count == 10)
        }
        #expect(LayerSubset.choose([], percent: 5, using: &generator) == [])
    }
}
