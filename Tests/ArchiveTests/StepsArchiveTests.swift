import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Archive

/// What stands beside an archive for rebuilds.
@Suite struct StepsArchiveTests {
    /// An image of three layers with the images of its steps: a base of one layer, and a step without a layer among them.
    private struct Ladder {
        let image: TinyImage
        let steps: [StepImage]

        init(_ seed: String = "x") throws {
            var image = TinyImage(layers: 3, seed: seed)
            let diffIDs = image.layers.map { SHA256Digest(of: $0) }
            func config(_ layers: Int, _ history: Int) throws -> ImageConfig {
                let list = diffIDs.prefix(layers).map { "\"\($0)\"" }.joined(separator: ",")
                let lines = (0..<history).map { "{\"created_by\":\"step \($0)\"}" }.joined(separator: ",")
                return try ImageConfig(
                    bytes: Array(
                        #"{"architecture":"amd64","os":"linux","config":{},"history":[\#(lines)],"rootfs":{"type":"layers","diff_ids":[\#(list)]}}"#
                            .utf8))
            }
            var steps: [StepImage] = []
            for (layers, history) in [(1, 1), (2, 2), (2, 3), (3, 4)] {
                steps.append(StepImage(config: try config(layers, history), parent: steps.last?.id))
            }
            image.config = try config(3, 4).bytes
            self.image = image
            self.steps = steps
        }

        /// Its archive, opened.
        func archive(_ name: String, in sandbox: Sandbox) throws -> CanonicalFile {
            let path = sandbox.path(name)
            let written = try CanonicaliseTests.canonicalise(image.podman(), to: path)
            return try CanonicalFile(path, expecting: written.imageID)
        }
    }

    @Test func theSameImagesGiveTheSameBytesInWhateverOrderTheyAreTold() async throws {
        try await Sandbox.with { sandbox in
            let ladder = try Ladder()
            let archive = try ladder.archive("a.tar", in: sandbox)
            defer { archive.close() }
            let first = try StepsArchive.write(ladder.steps, beside: archive, to: sandbox.path("1"))
            let second = try StepsArchive.write(
                ladder.steps.reversed() + ladder.steps, beside: archive, to: sandbox.path("2"))
            #expect(first == second)
            #expect(try sandbox.read("1") == sandbox.read("2"))
            #expect(first.digest == SHA256Digest(of: try sandbox.read("1")))
            // It holds no layer, and not the config of the image: three configs, the manifest, their headers, the end.
            #expect(first.size == Int64(try sandbox.read("1").count) && first.size == 3 * 1024 + 512 + 1536 + 1024)
            let listed = try await sandbox.run("tar", ["tf", "1"]).check().lines
            #expect(listed == ladder.steps.dropLast().map { "blobs/sha256/\($0.id.hexadecimal)" } + ["manifest.json"])

            let file = try StepsFile(sandbox.path("1"), beside: archive.config)
            defer { file.close() }
            #expect(file.images == ladder.steps)
            #expect(try file.verify() == first.digest)
        }
    }

    @Test func everyFlippedBitIsFound() async throws {
        try await Sandbox.with { sandbox in
            let (ladder, other) = (try Ladder(), try Ladder("other"))
            let archive = try ladder.archive("a.tar", in: sandbox)
            let source = try other.archive("b.tar", in: sandbox)
            defer { for file in [archive, source] { file.close() } }
            let written = try StepsArchive.write(
                ladder.steps + other.steps, beside: archive, from: [source], to: sandbox.path("s"))
            let good = try sandbox.read("s")
            var generator = SeededGenerator(seed: 15)
            for _ in 0..<150 {
                let place = Int.random(in: good.indices, using: &generator)
                var bytes = good
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try sandbox.write("bad", bytes: bytes)
                #expect(throws: ArchiveError.self, "\(place)") {
                    let file = try StepsFile(sandbox.path("bad"), beside: archive.config)
                    defer { file.close() }
                    _ = try file.verify()
                }
            }
            try sandbox.write("bad", bytes: good + [0])
            #expect(throws: ArchiveError.self) { try StepsFile(sandbox.path("bad"), beside: archive.config) }
            // Beside the archive of another image it is not whole.
            #expect(throws: ArchiveError.self) { try StepsFile(sandbox.path("s"), beside: source.config) }
            let file = try StepsFile(sandbox.path("s"), beside: archive.config)
            #expect(try file.verify() == written.digest && file.images.count == 8)
            file.close()
        }
    }

    @Test func anEngineGetsImagesWithoutNamesAndNoLayerThatItHas() async throws {
        try await Sandbox.with { sandbox in
            let ladder = try Ladder()
            let archive = try ladder.archive("a.tar", in: sandbox)
            _ = try StepsArchive.write(ladder.steps, beside: archive, to: sandbox.path("s"))
            let steps = try StepsFile(sandbox.path("s"), beside: archive.config)
            defer {
                archive.close()
                steps.close()
            }
            func write(
                _ name: String, _ bundle: StepBundle, without held: Set<SHA256Digest>, _ omission: StepBundle.Omission
            ) throws -> Int64 {
                let descriptor = try FileDescriptor.open(
                    sandbox.path(name), .readWrite, options: [.create, .truncate], permissions: .ownerReadWrite)
                defer { try? descriptor.close() }
                return try bundle.write(to: descriptor, without: held, omission)
            }
            let all = StepBundle(archive, steps)
            let whole = try write("whole", all, without: [], .nothing)
            #expect(whole == Int64(try sandbox.read("whole").count))
            let images = try ImageArchive(sandbox.path("whole")).images()
            #expect(images.map(\.config) == ladder.steps.map(\.config))
            #expect(images.allSatisfy { $0.names.isEmpty })

            let held = Set(archive.layers.dropLast().map(\.digest))
            let sizes = archive.layers.dropLast().reduce(0) { $0 + $1.size }
            // A hole is as long as the layer, and holds nothing.
            #expect(try write("holes", all, without: held, .hole) == whole - sizes)
            #expect(Int64(try sandbox.read("holes").count) == whole)
            #expect(try write("short", all, without: held, .nothing) == whole - sizes - 2 * 512)

            // Parents that are not among the images are not named.
            let some = StepBundle(archive, steps) { $0.config.diffIDs.count > 1 }
            #expect(some.images.map(\.id) == ladder.steps.dropFirst().map(\.id))
            #expect(some.images.map(\.parent) == [nil] + ladder.steps.dropFirst().dropLast().map(\.id))
        }
    }

    @Test func aDamagedLayerIsNotSentToItsEnd() async throws {
        try await Sandbox.with { sandbox in
            let ladder = try Ladder()
            var archive = try ladder.archive("a.tar", in: sandbox)
            _ = try StepsArchive.write(ladder.steps, beside: archive, to: sandbox.path("s"))
            archive.close()
            var bytes = try sandbox.read("a.tar")
            bytes[700] ^= 4
            try sandbox.write("a.tar", bytes: bytes)
            archive = try CanonicalFile(sandbox.path("a.tar"), expecting: ladder.image.id)
            let steps = try StepsFile(sandbox.path("s"), beside: archive.config)
            defer {
                archive.close()
                steps.close()
            }
            let descriptor = try FileDescriptor.open(
                sandbox.path("out"), .writeOnly, options: [.create], permissions: .ownerReadWrite)
            defer { try? descriptor.close() }
            #expect(throws: ArchiveError.self) { try StepBundle(archive, steps).write(to: descriptor) }
            let text = String(decoding: try sandbox.read("out"), as: UTF8.self)
            #expect(!text.contains("manifest.json"))
        }
    }
}
