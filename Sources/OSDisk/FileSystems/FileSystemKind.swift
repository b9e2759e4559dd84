import OSTemplate
import SystemCalls

/// The file systems that are made in partitions, by the words of `fsType`.
enum FileSystemKind: String, CaseIterable, Sendable {
    case ext2, ext3, ext4, fat32, fat16, vfat
    case swap
    case linuxSwap = "linux-swap"
    /// The partition is left empty.
    case none = ""

    /// What a template's word means; anything else is refused by name.
    static func of(_ partition: DiskConfig.Partition) throws -> FileSystemKind {
        guard let kind = FileSystemKind(rawValue: partition.fsType) else {
            let known = allCases.map(\.rawValue).filter { !$0.isEmpty }
            throw PartitionType.problem(
                partition, "its fsType \(Printable.quoted(Printable.escaped(partition.fsType))) is not supported",
                hint: "write \(Printable.alternatives(known))")
        }
        return kind == .linuxSwap ? .swap : kind
    }

    var isExt: Bool { self == .ext2 || self == .ext3 || self == .ext4 }
    var isFAT: Bool { self == .fat32 || self == .fat16 || self == .vfat }
    /// The name for mount(8) and fstab(5).
    var mountName: String { isFAT ? "vfat" : rawValue }
    /// The most bytes that a label may have.
    var labelLimit: Int { isFAT ? 11 : 16 }
}
