import Foundation
import Hashing
import OCI
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Archive

/// Archives that are put together of an older one and of layers that an engine wrote.
@Suite struct SuccessorTests {
    /// An image whose layers are named by letters, so that two images can share them.
    private static func image(_ letters: String) -> TinyImage {
        var image = TinyImage(layers: 0)
        image.layers = letters.map { letter in
            var tar = TarBuilder()
            // More than the hashing thread takes at one go, and no whole number of blocks.
            tar.add("file-\(letter)", [UInt8](repeating: letter.asciiValue ?? 0, count: letter == "L" ? 9 << 20 : 5000))
            tar.end()
            return tar.bytes
        }
        let diffIDs = image.layers.map { "\"\(SHA256Digest(of: $0))\"" }.joined(separator: ",")
        image.config = Array(
            #"{"architecture":"amd64","os":"linux","config":{"Env":["A=\#(letters)"]},"rootfs":{"type":"layers","diff_ids":[\#(diffIDs)]}}"#
                .utf8)
        return image
    }

    /// Writes each wanted layer to a file, packed by a program; nil leaves it as it is.
    private static func files(
        of image: TinyImage, wanted: Set<Int>, packed program: String?, in sandbox: Sandbox
    ) async throws -> [SHA256Digest: LayerFile] {
        var files: [SHA256Digest: LayerFile] = [:]
        for number in wanted {
            let layer = image.layers[number]
            let file = "blob-\(number)"
            try sandbox.write(file, bytes: layer)
            if let program {
                try await sandbox.run("/bin/sh", ["-c", "\(program) -c \(file) >x && mv x \(file)"]).check()
            }
            files[SHA256Digest(of: layer)] = LayerFile(
                sandbox.path(file), digest: SHA256Digest(of: try sandbox.read(file)), size: Int64(layer.count))
        }
        return files
    }

    /// Runs `body` with the archive of an image, open.
    private static func with<Result>(
        _ old: TinyImage, in sandbox: Sandbox, _ body: (CanonicalFile) async throws -> Result
    ) async throws -> Result {
        let path = sandbox.path("old.tar")
        try? FileManager.default.removeItem(atPath: path.string)
        _ = try CanonicaliseTests.canonicalise(old.podman(), to: path)
        let file = try CanonicalFile(path, expecting: old.id)
        defer { file.close() }
        return try await body(file)
    }

    struct Row: Sendable, CustomStringConvertible {
        let description: String
        let old: String
        let new: String
        /// The places of the layers that come in files.
        var wanted: Set<Int> = []
        var packed: String? = "gzip"
    }

    static let rows = [
        Row(description: "a new top layer", old: "Lab", new: "Lac", wanted: [2]),
        Row(description: "a new layer below", old: "abL", new: "cbL", wanted: [0]),
        Row(description: "all in another order", old: "abL", new: "Lba"),
        Row(description: "only the config is new", old: "ab", new: "ab"),
        Row(description: "fewer layers", old: "abc", new: "b"),
        Row(description: "a layer twice", old: "ab", new: "acac", wanted: [1]),
        Row(description: "packed with zstd", old: "a", new: "aL", wanted: [1], packed: "zstd -q"),
        Row(description: "not packed", old: "a", new: "aLb", wanted: [1, 2], packed: nil),
    ]

    @Test(arguments: rows) func theBytesAreThoseOfAWholeSave(_ row: Row) async throws {
        try await Sandbox.with { sandbox in
            let image = Self.image(row.new)
            let files = try await Self.files(of: image, wanted: row.wanted, packed: row.packed, in: sandbox)
            let name = try ImageName("tiny:1")
            var double = image.podman()
            if Set(row.new).count < row.new.count {
                // No engine writes a layer twice.
                var tar = TarBuilder()
                for index in 0..<2 { tar.add(image.hex(index) + ".tar", image.layers[index]) }
                let manifest = image.manifest(layer: { image.hex($0) + ".tar" }, config: "c.json")
                tar.add("c.json", image.config)
                tar.add("manifest.json", Array("[\(manifest.text)]".utf8))
                tar.end()
                double = tar.bytes
            }
            let whole = try CanonicaliseTests.canonicalise(double, to: sandbox.path("whole.tar"))
            let made = try await Self.with(Self.image(row.old), in: sandbox) { file in
                let config = try ImageConfig(bytes: image.config)
                let twin = try file.succeed(
                    config, with: files, as: name, to: sandbox.path("first"), twin: sandbox.path("twin"))
                #expect(twin == whole)
                return try file.succeed(config, with: files, as: name, to: sandbox.path("new.tar"))
            }
            #expect(try sandbox.read("first") == sandbox.read("whole.tar"))
            #expect(try sandbox.read("twin") == sandbox.read("whole.tar"))
            #expect(made == whole)
            #expect(try sandbox.read("new.tar") == sandbox.read("whole.tar"))
            #expect(try ImageArchive(sandbox.path("new.tar")).verify() == whole)
        }
    }

    @Test(.enabled(if: Requirements.tools("mkfs.xfs", "mount") && getuid() == 0))
    func sharedLayersShareTheirBlocks() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("xfs/.keep", "")
            try await sandbox.run("truncate", ["-s", "400M", "fs.img"]).check()
            try await sandbox.run("mkfs.xfs", ["-q", "-m", "reflink=1", "fs.img"]).check()
            let folder = sandbox.path("xfs")
            try await sandbox.run("mount", ["-o", "loop", "fs.img", folder.string]).check()
            defer { umount2(folder.string, 2 /* MNT_DETACH */) }
            #expect(Files.canShare(from: folder, to: folder) && !Files.canShare(from: folder, to: sandbox.root))

            let (old, image) = (Self.image("aLb"), Self.image("aLc"))
            let path = folder.appending("old.tar")
            _ = try CanonicaliseTests.canonicalise(old.podman(), to: path)
            let files = try await Self.files(of: image, wanted: [2], packed: "gzip", in: sandbox)
            let file = try CanonicalFile(path, expecting: old.id)
            defer { file.close() }
            func used() async throws -> Int {
                sync()
                let lines = try await sandbox.run("df", ["--output=used", "-k", folder.string]).check().lines
                return try #require(Int((lines.last ?? "").filter { $0 != " " }))
            }
            let before = try await used()
            let new = folder.appending("new.tar")
            let made = try file.succeed(
                ImageConfig(bytes: image.config), with: files, as: ImageName("tiny:1"), to: new)
            #expect(try ImageArchive(new).verify() == made)
            #expect(try await used() - before < 1024)
        }
    }

    @Test func damageAnywhereIsFoundAndLeavesNothing() async throws {
        try await Sandbox.with { sandbox in
            let (old, image) = (Self.image("La"), Self.image("Lab"))
            let config = try ImageConfig(bytes: image.config)
            let digest = SHA256Digest(of: image.layers[2])
            let good = try await Self.files(of: image, wanted: [2], packed: "gzip", in: sandbox)
            let blob = try #require(good[digest])
            let bytes = try sandbox.read("blob-2")

            func refuse(_ label: String, _ file: LayerFile?, flipping place: Int? = nil) async throws {
                try await Self.with(old, in: sandbox) { archive in
                    if let place {
                        var bytes = try sandbox.read("old.tar")
                        bytes[place] ^= 1
                        // The same file: it is open.
                        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: sandbox.path("old.tar").string))
                        try handle.write(contentsOf: bytes)
                        try handle.close()
                    }
                    let error = #expect(throws: ArchiveError.self, "\(label)") {
                        try archive.succeed(
                            config, with: file.map { [digest: $0] } ?? [:], as: ImageName("tiny:1"),
                            to: sandbox.path("new.tar"))
                    }
                    #expect(error?.kind == .corrupt, "\(label): \(error.debugDescription)")
                    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.string)
                    #expect(!names.contains { $0 == "new.tar" || $0.hasPrefix(".tmp") }, "\(label)")
                }
            }
            func changed(_ bytes: [UInt8], size: Int64? = nil) throws -> LayerFile {
                try sandbox.write("changed", bytes: bytes)
                return LayerFile(sandbox.path("changed"), digest: SHA256Digest(of: bytes), size: size ?? blob.size)
            }
            for place in [512 + 700, 512 + (8 << 20), 512 + (9 << 20) + 4000] {
                try await refuse("a bit of the old archive at \(place)", blob, flipping: place)
            }
            try await refuse("a layer that nobody has", nil)
            try await refuse("no file", LayerFile("/nowhere/x", digest: blob.digest, size: blob.size))
            try await refuse("a file that was cut off", changed(Array(bytes.dropLast(20))))
            try await refuse("an empty file", changed([]))
            try await refuse("another layer", changed(image.layers[1]))
            try await refuse("fewer bytes than were told", changed(bytes, size: blob.size + 512))
            try await refuse("more bytes than were told", changed(bytes, size: blob.size - 512))
            try await refuse("another digest of the file", LayerFile(blob.path, digest: digest, size: blob.size))
            try await sandbox.run("/bin/sh", ["-c", "head -c 300M /dev/zero | gzip -1 >zeros"]).check()
            try await refuse("one that grows", changed(sandbox.read("zeros")))
            try FileManager.default.createSymbolicLink(
                atPath: sandbox.path("link").string, withDestinationPath: "blob-2")
            try await refuse("a link", LayerFile(sandbox.path("link"), digest: blob.digest, size: blob.size))
        }
    }
}
