import Foundation
import Hashing
import OCI
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite struct CanonicaliseTests {
    /// Sends bytes through a pipe into the canonical writer.
    static func canonicalise(
        _ bytes: [UInt8], to path: FilePath, twin: FilePath? = nil, name: String = "tiny:1"
    ) throws -> CanonicalArchive {
        let pipe = try SystemCalls.Pipe()
        let writing = pipe.writing
        Thread.detachNewThread {
            signal(SIGPIPE, SIG_IGN)
            try? Files.write(bytes, to: writing, named: "pipe")
            try? writing.close()
        }
        defer { try? pipe.reading.close() }
        return try ImageArchive.canonicalise(
            stream: pipe.reading, named: "the stream", as: ImageName(name), to: path, twin: twin)
    }

    @Test func theBytesAreThoseOfTheDesign() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage()
            let path = sandbox.path("out.tar")
            let result = try Self.canonicalise(image.podman(), to: path)
            let bytes = try sandbox.read("out.tar")
            var expected: [UInt8] = []
            for member in image.canonicalMembers {
                var header = Array(member.name.utf8) + [UInt8](repeating: 0, count: 100 - member.name.utf8.count)
                let size = String(member.bytes.count, radix: 8)
                header += Array("000644 \u{0}000000 \u{0}000000 \u{0}".utf8)
                header += Array((String(repeating: "0", count: 11 - size.count) + size + " 02263523000 ").utf8)
                header += Array("        0".utf8) + [UInt8](repeating: 0, count: 100)
                header += Array("ustar\u{0}00".utf8) + [UInt8](repeating: 0, count: 64)
                header += Array("000000 \u{0}000000 \u{0}".utf8) + [UInt8](repeating: 0, count: 167)
                let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
                let text = String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} "
                header.replaceSubrange(148..<156, with: Array(text.utf8))
                expected += header + member.bytes
                expected += [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
            }
            expected += [UInt8](repeating: 0, count: 1024)
            #expect(bytes == expected)
            #expect(result.digest == SHA256Digest(of: bytes) && result.size == Int64(bytes.count))
            #expect(result.imageID == image.id && result.names == ["tiny:1"])
            #expect(result.layers.map(\.size) == image.layers.map { Int64($0.count) })
            #expect(result.digest.hexadecimal == "2804c361638e4101c5dbf362587cfb829702b42dce2b4369a71eafb47a154d0a")
            let listed = try await sandbox.run("tar", ["--numeric-owner", "-tvf", path.string]).check()
            #expect(listed.lines.allSatisfy { $0.hasPrefix("-rw-r--r-- 0/0") && $0.contains(" 1980-01-01 00:00 ") })
        }
    }

    @Test func everyOrderAndFormGivesTheSameArchive() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage(layers: 3)
            let first = try Self.canonicalise(image.podman(), to: sandbox.path("a.tar"))
            #expect(try Self.canonicalise(image.docker(), to: sandbox.path("b.tar")) == first)
            #expect(try Self.canonicalise(sandbox.read("a.tar"), to: sandbox.path("c.tar")) == first)
            #expect(try ImageArchive(sandbox.path("b.tar")).verify() == first)
            for program in ["gzip", "zstd"] {
                try sandbox.write("d.tar", bytes: image.docker())
                try await sandbox.run(
                    program,
                    ["-q", "-k", "d.tar", "-o", "d.\(program)"].filter {
                        program == "zstd" || !["-o", "d.gzip"].contains($0)
                    }
                ).check()
                let packed = sandbox.path(program == "zstd" ? "d.zstd" : "d.tar.gz")
                let compression = try ImageArchive(packed).withIndex(spool: nil) { $0.compression }
                #expect(compression.rawValue == program)
                let path = sandbox.path("e.\(program)")
                #expect(try ImageArchive(packed).canonicalise(as: ImageName("tiny:1"), to: path) == first)
                #expect(
                    try Self.canonicalise(
                        Array(Data(contentsOf: URL(fileURLWithPath: packed.string))), to: sandbox.path("f.\(program)"))
                        == first)
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.string)
            #expect(!names.contains { $0.contains(".spool") || $0.hasPrefix(".tmp") })
        }
    }

    @Test func aTwinHasTheSameBytes() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage(layers: 3)
            for (number, stream) in [image.podman(), image.docker()].enumerated() {
                let (path, twin) = (sandbox.path("\(number).tar"), sandbox.path("\(number).twin"))
                let archive = try Self.canonicalise(stream, to: path, twin: twin)
                #expect(try ImageArchive(twin).verify() == archive, "\(number)")
                #expect(try sandbox.read("\(number).tar") == sandbox.read("\(number).twin"), "\(number)")
            }
        }
    }

    @Test func anImageWithoutLayersAndOneWithALayerTwice() async throws {
        try await Sandbox.with { sandbox in
            let empty = TinyImage(layers: 0)
            let result = try Self.canonicalise(empty.podman(), to: sandbox.path("empty.tar"))
            #expect(result.layers.isEmpty)
            #expect(try ImageArchive(sandbox.path("empty.tar")).verify() == result)

            var twice = TinyImage(layers: 1)
            twice.layers.append(twice.layers[0])
            let id = "\"\(SHA256Digest(of: twice.layers[0]))\""
            twice.config = Array("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\(id),\(id)]}}".utf8)
            var tar = TarBuilder()
            tar.add("l.tar", twice.layers[0])
            tar.add("c.json", twice.config)
            tar.add("manifest.json", Array("[\(twice.manifest(layer: { _ in "l.tar" }, config: "c.json").text)]".utf8))
            tar.end()
            let double = try Self.canonicalise(tar.bytes, to: sandbox.path("twice.tar"))
            #expect(double.layers.count == 2)
            let members = try await sandbox.run("tar", ["-tf", "twice.tar"]).check().lines
            #expect(members.count == 3)
            #expect(try ImageArchive(sandbox.path("twice.tar")).verify() == double)
        }
    }

    @Test func oneOfSeveralImagesIsChosenByName() async throws {
        try await Sandbox.with { sandbox in
            let (one, two) = (TinyImage(seed: "one"), TinyImage(seed: "two"))
            var tar = TarBuilder()
            var manifests: [String] = []
            for (image, name) in [(one, "docker.io/library/one:1"), (two, "two:2")] {
                for index in image.layers.indices { tar.add("\(name.count)-\(index).tar", image.layers[index]) }
                tar.add(image.id.hexadecimal + ".json", image.config)
                manifests.append(
                    image.manifest([name], layer: { "\(name.count)-\($0).tar" }, config: image.id.hexadecimal + ".json")
                        .text)
            }
            tar.add("manifest.json", Array("[\(manifests.joined(separator: ","))]".utf8))
            tar.end()
            try sandbox.write("both.tar", bytes: tar.bytes)
            let archive = ImageArchive(sandbox.path("both.tar"))
            #expect(try archive.images().count == 2)
            #expect(try archive.canonicalise(as: ImageName("one:1"), to: sandbox.path("1")).imageID == one.id)
            let other = try archive.canonicalise(
                selecting: ImageName("two:2"), as: ImageName("x"), to: sandbox.path("2"))
            #expect(other.imageID == two.id && other.names == ["x:latest"])
            do {
                _ = try archive.canonicalise(as: ImageName("three"), to: sandbox.path("3"))
                Issue.record("no such image")
            } catch let error as ArchiveError {
                #expect(error.kind == .selection)
                #expect(error.description.contains("it holds docker.io/library/one:1, two:2, not three:latest"))
            }
        }
    }
}
