import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Archive

@Suite(.enabled(if: Requirements.tools("skopeo"))) struct ExportTests {
    @Test(arguments: ExportFormat.allCases, Compression.allCases)
    func anExportIsReadByOthersAndComesBackTheSame(format: ExportFormat, compression: Compression) async throws {
        try await Sandbox.with { sandbox in
            let image = TinyImage(layers: 3)
            let name = try ImageName("tiny:1")
            let original = try CanonicaliseTests.canonicalise(image.podman(), to: sandbox.path("a.tar"))
            let archive = ImageArchive(sandbox.path("a.tar"))
            let out = sandbox.path("out")
            try archive.export(as: name, format: format, compression: compression, to: out)
            let transport = format == .ociDirectory ? "oci:\(out):tiny:1" : "\(format.rawValue):\(out)"
            let inspected = try await sandbox.run("skopeo", ["inspect", "--raw", "--config", transport])
            if compression == .none || format != .dockerArchive {
                #expect(inspected.outputBytes == image.config, "\(inspected)")
            }
            if format != .ociDirectory {
                let again = try ImageArchive(out).canonicalise(as: name, to: sandbox.path("b.tar"))
                #expect(again == original)
                let images = try ImageArchive(out).images()
                #expect(images.count == 1 && images[0].names.contains("tiny:1"))
                if format == .ociArchive {
                    #expect(images[0].layers.map(\.compression) == [compression, compression, compression])
                }
                try archive.export(as: name, format: format, compression: compression, to: sandbox.path("out2"))
                #expect(try sandbox.read("out") == sandbox.read("out2"))
            } else {
                #expect(throws: ArchiveError.self) { try archive.export(as: name, format: format, to: out) }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root.string)
            #expect(!names.contains { $0.hasPrefix(".tmp") })
        }
    }
}
