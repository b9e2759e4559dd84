import JSON
import OSTemplate
import SystemPackage
import TestSupport
import Testing

@testable import OSDisk

@Suite struct DiskInspectionTests {
    @Test(.enabled(if: DiskBuilderTests.hasTools, "the programs that make disks are not installed"))
    func tellsWhatWasMade() async throws {
        try await Sandbox.with { box in
            try await DiskBuilderTests.writeTree(box)
            try box.write("tree/usr/lib/os-release", "# x\nID=debian\nPRETTY_NAME=\"Debian \\\"12\\\"\"\n")
            let tar = try await box.tar("tree")
            let kinds: [DiskConfig.Artifact.Kind] = [
                .raw, .qcow2, .vhd, .vhdx, .vmdk, .vdi, .tar, .dockerArchive, .ext4, .squashfs, .erofs,
            ]
            let made = try await box.build(
                .sample(
                    kinds.map { .init($0) } + [.init(.tar, compression: .xz)], partitions: DiskConfig.Partition.small),
                tar)
            var found: [String: DiskInspection] = [:]
            for artifact in made {
                let inspection = try await DiskInspection.read(artifact.path, environment: box.environment)
                let format = artifact.artifact.compression?.rawValue ?? artifact.artifact.kind.rawValue
                #expect(inspection.format == format)
                #expect(inspection.size == artifact.size)
                found[format] = inspection
            }
            for kind in ["raw", "qcow2", "vhd", "vhdx", "vmdk", "vdi"] {
                #expect(found[kind]?.partitions == found["raw"]?.partitions, "\(kind)")
                #expect(found[kind]?.diskID == found["raw"]?.diskID)
            }
            let partitions = try #require(found["raw"]?.partitions)
            #expect(partitions.map(\.typeName) == ["esp", "linux-root-amd64"])
            #expect(partitions.map(\.name) == ["esp", "root"])
            #expect(partitions.map { $0.fileSystem?.type } == ["vfat", "ext4"])
            #expect(partitions.map { $0.fileSystem?.label } == ["ESP", "root"])
            // FAT leaves a part of a track out.
            for partition in partitions {
                let size = try #require(partition.fileSystem?.size)
                #expect(size <= partition.size && size > partition.size - 65536)
            }
            let table = try await box.run("sfdisk", ["--json", made[0].path.string]).check().output
            let judged = try JSONValue(parsing: table.utf8)["partitiontable"]
            #expect(judged?["id"]?.string?.lowercased() == found["raw"]?.diskID)
            #expect(
                judged?["partitions"]?.array?.map { $0["uuid"]?.string?.lowercased() } == partitions.map { $0.uuid })
            #expect(found["tar"]?.archive?.osRelease["ID"] == "debian")
            let members = try await box.run("tar", ["-tf", tar.string]).check().lines.count
            #expect(found["tar"]?.archive?.members == Int64(members))
            let image = try #require(found["docker-archive"]?.archive)
            #expect(image.names == ["edge:1.0"] && image.platform == "linux/amd64" && image.layers == 1)
            #expect(image.osRelease["ID"] == "debian")
            #expect(found["squashfs"]?.fileSystem?.type == "squashfs" && found["erofs"]?.fileSystem?.type == "erofs")
            let text = try #require(found["raw"]).json.text
            #expect(text.contains("\"typeName\":\"esp\""))
        }
    }

    @Test func refusesWhatIsNoImage() async throws {
        try await Sandbox.with { box in
            try box.write("empty", "")
            try box.write("text", "hello\n")
            for name in ["empty", "text"] {
                await #expect(throws: DiskError.self) {
                    _ = try await DiskInspection.read(box.path(name), environment: box.environment)
                }
            }
        }
    }

    @Test func survivesAnyDamage() async throws {
        try await Sandbox.with { box in
            var generator = SeededGenerator(seed: 18)
            var table = [UInt8](repeating: 0, count: 80 << 10)
            table.replaceSubrange(512..<520, with: Array("EFI PART".utf8))
            (table[512 + 72], table[512 + 80], table[512 + 84]) = (2, 128, 128)
            var tar = [UInt8](repeating: 0, count: 2048)
            tar.replaceSubrange(0..<512, with: ArchiveHeader.file("etc/os-release", size: 100))
            for original in [table, tar] {
                for round in 0..<150 {
                    var bytes = original
                    for _ in 0...(round % 40) {
                        let place = Int.random(in: 0..<min(bytes.count, 2048), using: &generator)
                        bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    }
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                    try box.write("damaged", bytes: bytes)
                    // The tools that virtual disks need are not asked for: any error will do, and no trap.
                    _ = try? await DiskInspection.read(box.path("damaged"), environment: ["PATH": "/nowhere"])
                }
            }
        }
    }
}
