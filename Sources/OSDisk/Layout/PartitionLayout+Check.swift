import OSTemplate
import SystemCalls
import SystemPackage

extension PartitionLayout {
    private static let knownFlags = ["esp", "boot", "legacy_boot", "bios_grub", "bios-grub", "grub", "dmroot"]

    /// Refuses what no disk can be made of, before any file is touched.
    static func check(_ partitions: [DiskConfig.Partition]) throws {
        var ids: Set<String> = []
        var mountPoints: Set<String> = []
        if partitions.count > 128 {
            throw DiskError(
                .template, "cannot make the disk: it has \(partitions.count) partitions, and GPT has room for 128")
        }
        for partition in partitions {
            if !ids.insert(partition.id).inserted {
                throw PartitionType.problem(partition, "there are two of that id", hint: "rename one of them")
            }
            let kind = try FileSystemKind.of(partition)
            try checkNames(partition, kind)
            for flag in partition.flags where !knownFlags.contains(flag) {
                let near = Spelling.nearest(to: flag, in: knownFlags)
                throw PartitionType.problem(
                    partition, "its flag \(Printable.quoted(Printable.escaped(flag))) is not supported",
                    hint: near.map { "did you mean \($0)?" })
            }
            let mountPoint = partition.mountPoint
            if mountPoint.isEmpty || mountPoint == "none" || kind == .swap { continue }
            let path = FilePath(mountPoint)
            guard path.isAbsolute, path.string == mountPoint, path.components.allSatisfy({ $0.kind == .regular }),
                mountPoint.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
            else {
                throw PartitionType.problem(
                    partition, "its mountPoint \(Printable.quoted(Printable.escaped(mountPoint))) is no plain path")
            }
            if kind == .none {
                throw PartitionType.problem(
                    partition, "it has a mountPoint and no fsType", hint: "add fsType: ext4")
            }
            if mountPoint == "/", !kind.isExt {
                throw PartitionType.problem(
                    partition, "a root file system of fsType \(kind.rawValue) is not supported",
                    hint: "write fsType: ext4")
            }
            if !mountPoints.insert(mountPoint).inserted {
                throw PartitionType.problem(
                    partition, "another partition is mounted on \(mountPoint), too", hint: "remove one mountPoint")
            }
        }
    }

    private static func checkNames(_ partition: DiskConfig.Partition, _ kind: FileSystemKind) throws {
        let name = partition.name.isEmpty ? partition.id : partition.name
        if name.utf16.count > 36 || !isPlain(name) {
            throw PartitionType.problem(
                partition, "its name has to be of 36 plain characters at most", hint: "shorten its name")
        }
        let label = partition.fsLabel
        if label.utf8.count > kind.labelLimit || !isPlain(label) {
            throw PartitionType.problem(
                partition,
                "its fsLabel \(Printable.quoted(Printable.escaped(label))) has to be of \(kind.labelLimit) plain "
                    + "characters at most")
        }
        if !partition.mountOptions.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw PartitionType.problem(partition, "its mountOptions have to be one word of printable characters")
        }
        if kind == .fat32, let end = partition.end, end - partition.start < 34 << 20 {
            throw PartitionType.problem(
                partition, "fat32 needs 34 MiB at least", hint: "make it larger, or write fsType: vfat")
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "\\" }
    }
}
