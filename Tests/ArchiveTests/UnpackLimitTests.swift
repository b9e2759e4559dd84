import OCI
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Archive

/// A few bytes may not fill a disk, nor the memory.
@Suite(.enabled(if: Requirements.tools("gzip", "zstd", "truncate", "tar", "sh"))) struct UnpackLimitTests {
    /// Makes an archive with an image and a file of zeros, by a command of the shell; what reading it ends with.
    private func failure(_ command: String, _ read: (ImageArchive, FilePath) throws -> Void) async throws -> String {
        try await Sandbox.with { sandbox in
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            try await sandbox.run(
                "sh",
                [
                    "-c",
                    "mkdir d && cd d && tar xf ../image.tar && truncate -s 200M zzz.tar && echo x >>zzz.tar && \(command)",
                ]
            ).check()
            let error = #expect(throws: ArchiveError.self) {
                try read(ImageArchive(sandbox.path("a.tar")), sandbox.root)
            }
            let left = try Files.names(in: sandbox.root).map(\.string).filter {
                $0.hasPrefix(".tmp-") || $0.contains("out")
            }
            #expect(left == [])
            return error?.description ?? ""
        }
    }

    @Test(arguments: [
        "tar cf - * | gzip >../a.tar", "tar cf - * | zstd -q >../a.tar", "tar cf - -S --format=gnu * >../a.tar",
        "tar cf - -S --format=gnu * | gzip >../a.tar",
    ]) func whatUnpacksToManyTimesItsSizeIsRefused(_ command: String) async throws {
        let reason = try await failure(command) { archive, root in
            _ = try archive.canonicalise(as: try ImageName("tiny:1"), to: root.appending("out"))
        }
        #expect(reason.contains("more than 100 times its size"), "\(reason)")
    }

    @Test(arguments: ["tar cf - * | gzip >../a.tar", "tar cf - -S --format=gnu * >../a.tar"])
    func verifyUnpacksNothing(_ command: String) async throws {
        let reason = try await failure(command) { archive, _ in _ = try archive.verify() }
        #expect(reason.contains("not in the canonical form"), "\(reason)")
    }

    @Test func compressedImagesOfOrdinarySizeAreRead() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("image.tar", bytes: TinyImage().podman())
            try await sandbox.run("sh", ["-c", "gzip <image.tar >a.tar"]).check()
            #expect(try ImageArchive(sandbox.path("a.tar")).images().count == 1)
        }
    }

    @Test func manyImagesOfOneConfigCostNoMoreThanTheDocumentsAllow() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage()
            let config = image.id.hexadecimal + ".json"
            let entry = image.manifest(layer: { image.hex($0) + ".tar" }, config: config).text
            var tar = TarBuilder()
            for index in image.layers.indices { tar.add(image.hex(index) + ".tar", image.layers[index]) }
            tar.add(config, image.config + [UInt8](repeating: 0x20, count: 3 << 20))
            tar.add(
                "manifest.json", Array(("[" + Array(repeating: entry, count: 20).joined(separator: ",") + "]").utf8))
            tar.end()
            try sandbox.write("a.tar", bytes: tar.bytes)
            let error = #expect(throws: ArchiveError.self) { try ImageArchive(sandbox.path("a.tar")).images() }
            #expect(error?.kind == .corrupt)
        }
    }
}
