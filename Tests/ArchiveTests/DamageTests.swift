import Archive
import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite struct DamageTests {
    /// Archives that must be refused, each wrong in one way.
    static let damaged: [(String, [UInt8])] = {
        let image = TinyImage()
        let good = image.podman()
        let config = image.id.hexadecimal + ".json"
        let manifest = "[\(image.manifest(layer: { image.hex($0) + ".tar" }, config: config).text)]"
        func archive(
            layers: [(String, [UInt8])]? = nil, config bytes: [UInt8]? = nil, manifest text: String? = manifest,
            _ more: (inout TarBuilder) -> Void = { _ in }
        ) -> [UInt8] {
            var tar = TarBuilder()
            for (name, layer) in layers ?? image.layers.indices.map({ (image.hex($0) + ".tar", image.layers[$0]) }) {
                tar.add(name, layer)
            }
            tar.add(config, bytes ?? image.config)
            more(&tar)
            if let text { tar.add("manifest.json", Array(text.utf8)) }
            tar.end()
            return tar.bytes
        }
        let (first, second) = (image.hex(0) + ".tar", image.hex(1) + ".tar")
        var flipped = image.layers[0]
        flipped[600] ^= 1
        var flippedHeader = good
        flippedHeader[0] ^= 1
        var oversized = TarBuilder()
        oversized.add(first, image.layers[0], declaredSize: 1 << 30)
        var huge = TarBuilder()
        huge.add("manifest.json", Array(manifest.utf8), declaredSize: 1 << 30)
        var many = TarBuilder()
        for number in 0..<65_600 { many.add("f\(number)/VERSION") }
        many.end()
        return [
            ("empty", []), ("text", Array("version https://git-lfs.github.com/spec/v1\n".utf8)),
            ("zeros", [UInt8](repeating: 0, count: 4096)),
            ("cut in a header", Array(good[..<300])), ("cut in a layer", Array(good[..<4000])),
            ("cut in the config", Array(good[..<(2 * 11776 + 600)])),
            ("cut before the manifest", Array(good[..<28672])),
            ("a bit of a header", flippedHeader),
            ("a bit of a layer", archive(layers: [(first, flipped), (second, image.layers[1])])),
            (
                "a bit of the config",
                archive(config: Array(String(decoding: image.config, as: UTF8.self).replacing("A=x", with: "A=y").utf8))
            ),
            ("no manifest", archive(manifest: nil)), ("an empty manifest", archive(manifest: "[]")),
            ("a manifest that is no JSON", archive(manifest: "[{")),
            ("a manifest of numbers", archive(manifest: "[1]")),
            ("a manifest with a path out", archive(manifest: manifest.replacing(first, with: "../" + first))),
            (
                "layers in another order",
                archive(manifest: "[\(image.manifest(layer: { image.hex(1 - $0) + ".tar" }, config: config).text)]")
            ),
            ("a missing layer", archive(layers: [(first, image.layers[0])])),
            ("a layer too few", archive(manifest: manifest.replacing(",\"\(second)\"", with: ""))),
            ("a missing config", archive(manifest: manifest.replacing(config, with: "c.json"))),
            ("a name twice", archive { $0.add(first, image.layers[0]) }),
            ("an absolute name", archive { $0.add("/etc/passwd", [1]) }),
            ("a name that leads out", archive { $0.add("a/../../x", [1]) }),
            ("a link that leads out", archive { $0.add("l", type: "2", link: "../../etc/passwd") }),
            ("a device", archive { $0.add("dev", type: "3") }), ("a pipe", archive { $0.add("fifo", type: "6") }),
            (
                "a circle of links",
                archive(layers: [(second, image.layers[1])]) {
                    $0.add(first, type: "2", link: "b")
                    $0.add("b", type: "2", link: first)
                }
            ),
            (
                "a hard link to itself",
                archive(layers: [(second, image.layers[1])]) { $0.add(first, type: "1", link: first) }
            ),
            ("a size above the content", oversized.bytes), ("a manifest of a gigabyte", huge.bytes),
            ("too many members", many.bytes),
            ("deep JSON", archive(manifest: String(repeating: "[", count: 100_000))),
            ("gzip that is cut", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]),
        ]
    }()

    @Test(arguments: damaged.map(\.0)) func aDamagedArchiveIsRefusedAndLeavesNothing(label: String) async throws {
        let bytes = try #require(Self.damaged.first { $0.0 == label }?.1)
        try await Sandbox.with { sandbox in
            let path = sandbox.path("out.tar")
            let name = try ImageName("tiny:1")
            try sandbox.write("in/in.tar", bytes: bytes)
            let archive = ImageArchive(sandbox.path("in/in.tar"))
            for attempt in 0..<3 {
                do {
                    switch attempt {
                    case 0: _ = try CanonicaliseTests.canonicalise(bytes, to: path)
                    case 1: _ = try archive.canonicalise(as: name, to: path)
                    default: _ = try archive.verify()
                    }
                    Issue.record("attempt \(attempt) read an archive with \(label)")
                } catch let error as ArchiveError {
                    #expect(error.kind == .corrupt, "\(attempt): \(error)")
                }
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: sandbox.root.string).sorted() == ["home", "in"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path("in").string) == ["in.tar"])
        }
    }

    @Test func verifyFindsEveryFlippedByte() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage()
            _ = try CanonicaliseTests.canonicalise(image.podman(), to: sandbox.path("good.tar"))
            let good = try sandbox.read("good.tar")
            for offset in stride(from: 0, to: good.count, by: 97) {
                var bad = good
                bad[offset] ^= 0x40
                try sandbox.write("bad.tar", bytes: bad)
                #expect(throws: ArchiveError.self, "byte \(offset)") {
                    try ImageArchive(sandbox.path("bad.tar")).verify()
                }
            }
            for bad in [
                Array(good.dropLast()), Array(good.dropLast(512)), good + [0], good + [UInt8](repeating: 0, count: 512),
            ] {
                try sandbox.write("bad.tar", bytes: bad)
                #expect(throws: ArchiveError.self) { try ImageArchive(sandbox.path("bad.tar")).verify() }
            }
        }
    }

    @Test func aFullDiskIsNoDamage() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("in.tar", bytes: TinyImage().podman())
            let target = FileDescriptor(rawValue: open("/dev/full", O_WRONLY))
            defer { try? target.close() }
            do {
                _ = try ImageArchive(sandbox.path("in.tar")).send(to: target, as: ImageName("tiny:1"))
                Issue.record("there is no space")
            } catch let error as ArchiveError {
                guard case .system(let call) = error.kind else { throw error }
                #expect(call.errno == .noSpace)
            }
        }
    }
}
