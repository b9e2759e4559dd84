import Foundation
import Hashing
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Archive

/// Archives of ours that are opened to be handed on.
@Suite struct CanonicalFileTests {
    @Test func whatIsSparedIsNotReadAndAllElseIsChecked() async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage(layers: 3)
            let path = sandbox.path("out.tar")
            let archive = try CanonicaliseTests.canonicalise(image.podman(), to: path)
            let good = try sandbox.read("out.tar")
            let first = archive.layers[0]
            func check(_ bytes: [UInt8], without held: Set<SHA256Digest>) throws {
                try sandbox.write("out.tar", bytes: bytes)
                let file = try CanonicalFile(path, expecting: archive.imageID)
                defer { file.close() }
                #expect(file.config == archive.config && file.layers == archive.layers && file.names == archive.names)
                #expect(
                    file.size == archive.size
                        && file.size(without: held) == archive.size - (held.isEmpty ? 0 : first.size))
                try file.check(without: held)
            }
            try check(good, without: [])
            var bytes = good
            bytes[512 + 600] ^= 1
            try check(bytes, without: [first.digest])
            #expect(throws: ArchiveError.self) { try check(bytes, without: []) }
            // Whatever is no content of a layer is checked before anything is spared.
            let frame = [0, 512 + Int(first.size) + 3, good.count - 1, good.count - 1024 - 512]
            for place in frame {
                bytes = good
                bytes[place] ^= 1
                #expect(throws: ArchiveError.self, "\(place)") { try check(bytes, without: [first.digest]) }
            }
            #expect(throws: ArchiveError.self) { try CanonicalFile(path, expecting: SHA256Digest(of: [])) }
            try sandbox.write("out.tar", bytes: image.docker())
            #expect(throws: ArchiveError.self) { try CanonicalFile(path, expecting: nil) }
        }
    }

    @Test func theOpenFileStaysWhatWasChecked() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("out.tar")
            let archive = try CanonicaliseTests.canonicalise(TinyImage().podman(), to: path)
            let file = try CanonicalFile(path, expecting: archive.imageID)
            defer { file.close() }
            try FileManager.default.removeItem(atPath: path.string)
            try sandbox.write("out.tar", "another")
            try file.check(without: [])
        }
    }
}
