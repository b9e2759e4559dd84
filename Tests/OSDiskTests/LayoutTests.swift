import Hashing
import OSTemplate
import Testing

@testable import OSDisk

@Suite struct LayoutTests {
    private static let mebibyte: Int64 = 1 << 20
    private let identifiers = DiskIdentifiers(rootfs: SHA256Digest(of: [1]), image: "edge")

    private func layout(
        _ partitions: [DiskConfig.Partition], size: Int64? = nil, needs: [String: PartitionLayout.Need] = [:],
        type: String = "gpt"
    ) throws -> PartitionLayout {
        var disk = DiskConfig()
        (disk.partitions, disk.size, disk.partitionTableType) = (partitions, size, type)
        return try PartitionLayout(disk, content: needs, identifiers: identifiers)
    }

    private func complaint(_ body: () throws -> Void) -> String {
        do {
            try body()
        } catch let error as DiskError {
            return error.description + (error.hint.map { " | \($0)" } ?? "")
        } catch {
            return "\(error)"
        }
        return "no error"
    }

    @Test func placesPartitionsOneBehindTheOther() throws {
        let esp = DiskConfig.Partition.sample(
            "esp", type: "esp", fsType: "fat32", start: Self.mebibyte, end: 513 * Self.mebibyte)
        let root = DiskConfig.Partition.sample("root", mountPoint: "/")
        let placed = try layout([esp, root], size: 4 << 30)
        #expect(placed.size == 4 << 30)
        #expect(placed.places.map(\.start) == [Self.mebibyte, 513 * Self.mebibyte])
        #expect(placed.places[1].start + placed.places[1].size == 4095 * Self.mebibyte)
        #expect(placed.root?.partition.id == "root" && placed.esp?.partition.id == "esp")
    }

    @Test func computesTheSizeFromTheContent() throws {
        let root = DiskConfig.Partition.sample("root", mountPoint: "/")
        let need = PartitionLayout.Need(least: 10 << 20, wanted: 20 << 20 + 1)
        let placed = try layout([root], needs: ["root": need])
        #expect(placed.places[0].size == 21 * Self.mebibyte)
        #expect(placed.size == 23 * Self.mebibyte)
    }

    @Test func letsAPartitionEndWhereTheNextBegins() throws {
        let first = DiskConfig.Partition.sample("a", start: Self.mebibyte)
        let second = DiskConfig.Partition.sample("b", start: 9 * Self.mebibyte, end: 10 * Self.mebibyte)
        #expect(try layout([first, second]).places[0].size == 8 * Self.mebibyte)
    }

    @Test func refusesOverlaps() {
        let first = DiskConfig.Partition.sample("a", start: 1 << 20, end: 5 << 20)
        let second = DiskConfig.Partition.sample("b", start: 4 << 20, end: 9 << 20)
        let said = complaint { _ = try layout([first, second]) }
        #expect(said.hasPrefix("cannot make the disk: partitions \"a\" and \"b\" overlap by 1048576 bytes | "))
    }

    @Test func saysHowMuchIsMissing() {
        let root = DiskConfig.Partition.sample("root", start: 1 << 20, end: 11 << 20, mountPoint: "/")
        let need = PartitionLayout.Need(least: 25 << 20, wanted: 40 << 20)
        let said = complaint { _ = try layout([root], needs: ["root": need]) }
        #expect(said.contains("partition \"root\": it has 10 MiB"))
        #expect(said.contains("needs 25 MiB: 15 MiB are missing"))
    }

    @Test func refusesWhatCannotBeMade() {
        func partition(_ change: (inout DiskConfig.Partition) -> Void) -> [DiskConfig.Partition] {
            var partition = DiskConfig.Partition.sample("x", start: 1 << 20, end: 99 << 20)
            change(&partition)
            return [partition]
        }
        let cases: [([DiskConfig.Partition], String)] = [
            (partition { $0.fsType = "btrfs" }, "its fsType \"btrfs\" is not supported"),
            (partition { $0.type = "linux-rot-amd64" }, "did you mean linux-root-amd64?"),
            (partition { $0.typeUUID = "xyz" }, "is no UUID"),
            (partition { $0.flags = ["bot"] }, "did you mean boot?"),
            (partition { $0.start = 1000 }, "multiples of 512"),
            (partition { $0.start = 512 }, "where the partition table is"),
            (partition { $0.end = 1 << 20 }, "not behind its start"),
            (partition { $0.mountPoint = "/a/../b" }, "no plain path"),
            (partition { $0.mountPoint = "a" }, "no plain path"),
            (
                partition {
                    $0.mountPoint = "/"; $0.fsType = "vfat"
                }, "a root file system of fsType vfat"
            ),
            (partition { $0.fsLabel = String(repeating: "x", count: 17) }, "16 plain characters"),
            (partition { $0.name = "a\"b" }, "36 plain characters"),
            (
                partition {
                    $0.fsType = "fat32"; $0.end = 9 << 20
                }, "34 MiB"
            ),
            (partition { _ in } + partition { _ in }, "two of that id"),
        ]
        for (partitions, reason) in cases {
            let said = complaint { _ = try layout(partitions) }
            #expect(said.contains(reason), "\(said)")
            #expect(!said.contains("\n"))
        }
        #expect(complaint { _ = try layout([], type: "mbr") }.contains("\"mbr\" is not supported | write gpt"))
        let large = [DiskConfig.Partition.sample("x", start: 1 << 20, end: 1 << 30)]
        #expect(complaint { _ = try layout(large, size: 1 << 30) }.contains("raise disk.size to 1025MiB"))
    }

    @Test func writesTheScript() throws {
        var root = DiskConfig.Partition.sample("root", type: "linux-root-amd64", mountPoint: "/")
        root.flags = ["legacy_boot"]
        let placed = try layout([root], size: 64 << 20)
        let script = PartitionTable.script(placed, identifiers: identifiers)
        let uuid = identifiers.uuid("partition root")
        #expect(
            script == """
                label: gpt
                label-id: \(identifiers.uuid("disk"))
                unit: sectors
                first-lba: 34
                last-lba: 131038

                start=2048, size=126976, type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709, uuid=\(uuid), name="root", \
                attrs="LegacyBIOSBootable"

                """)
    }

    @Test func identifiersAreThoseOfTheRootFileSystem() {
        let same = DiskIdentifiers(rootfs: SHA256Digest(of: [1]), image: "edge")
        let other = DiskIdentifiers(rootfs: SHA256Digest(of: [2]), image: "edge")
        #expect(identifiers.uuid("disk") == same.uuid("disk"))
        #expect(identifiers.uuid("disk") != other.uuid("disk"))
        #expect(identifiers.uuid("disk") != identifiers.uuid("partition disk"))
        let parts = identifiers.uuid("disk").split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts[2].hasPrefix("4"))
    }

    @Test func writesFileSystemTables() throws {
        var swap = DiskConfig.Partition.sample("swap", fsType: "swap")
        swap.mountPoint = "none"
        let log = DiskConfig.Partition.sample("log", mountPoint: "/var/log")
        let esp = DiskConfig.Partition.sample("esp", fsType: "fat32", mountPoint: "/boot/efi")
        var root = DiskConfig.Partition.sample("root", mountPoint: "/")
        root.mountOptions = "noatime"
        let text = try FileSystemTable.text([swap, log, esp, root], identifiers: identifiers)
        func line(_ id: String, _ rest: String) -> String {
            "PARTUUID=\(identifiers.uuid("partition \(id)")) \(rest)\n"
        }
        #expect(
            text == line("root", "/ ext4 noatime 0 1") + line("log", "/var/log ext4 defaults 0 2")
                + line("esp", "/boot/efi vfat defaults 0 0") + line("swap", "none swap sw 0 0"))
    }

    @Test(arguments: [
        ("5.10.0-1", "5.9.0-1", false), ("6.1.0-9-amd64", "6.1.0-10-amd64", true), ("6.1", "6.1.1", true),
        ("6.1.0", "6.1.0", false), ("6.01", "6.1", true), ("a", "b", true),
    ])
    func comparesKernels(left: String, right: String, isOlder: Bool) {
        #expect(KernelChoice.isOlder(left, right) == isOlder)
    }

    @Test func checksumIsThatOfTheStandard() {
        #expect(Checksum.crc32c(Array("123456789".utf8)) == 0xE306_9283)
    }
}
