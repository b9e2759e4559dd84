import OSTemplate
import SystemPackage

/// The lines of /etc/fstab for a disk's partitions.
enum FileSystemTable {
    /// The text; partitions by their PARTUUID, the ones that others are mounted in first.
    static func text(_ partitions: [DiskConfig.Partition], identifiers: DiskIdentifiers) throws -> String {
        var lines: [(depth: Int, text: String)] = []
        for partition in partitions {
            let kind = try FileSystemKind.of(partition)
            let device = "PARTUUID=\(identifiers.uuid("partition \(partition.id)"))"
            if kind == .swap {
                lines.append((Int.max, "\(device) none swap \(partition.options("sw")) 0 0"))
            } else if partition.isMounted {
                // FAT is not looked at: fsck.vfat is rarely installed.
                let pass = kind.isFAT ? 0 : partition.mountPoint == "/" ? 1 : 2
                let depth = FilePath(partition.mountPoint).components.count
                let options = partition.options("defaults")
                lines.append((depth, "\(device) \(partition.mountPoint) \(kind.mountName) \(options) 0 \(pass)"))
            }
        }
        let sorted = lines.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
        return sorted.map(\.element.text).joined(separator: "\n") + "\n"
    }

    /// Writes it, unless the template or a package brought one that says something.
    static func write(_ partitions: [DiskConfig.Partition], into tree: RootTree, identifiers: DiskIdentifiers) throws {
        let path: FilePath = "/etc/fstab"
        if let present = try tree.read(path) {
            let lines = String(decoding: present, as: UTF8.self).split(whereSeparator: \.isNewline)
            let saying = lines.map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
            if !saying.isEmpty { return }
        }
        try tree.write(path, text(partitions, identifiers: identifiers))
    }
}

extension DiskConfig.Partition {
    /// Whether it has a place in the tree.
    var isMounted: Bool {
        guard !mountPoint.isEmpty, mountPoint != "none", let kind = try? FileSystemKind.of(self) else { return false }
        return kind != .swap
    }

    fileprivate func options(_ otherwise: String) -> String { mountOptions.isEmpty ? otherwise : mountOptions }
}
