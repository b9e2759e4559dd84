import OSTemplate
import SystemCalls
import SystemPackage

/// A FAT file system, made of a folder without being mounted.
struct FATFileSystem: Sendable {
    static let tools = [
        HostTool("mkfs.vfat", package: "dosfstools"), HostTool("mmd", package: "mtools"),
        HostTool("mcopy", package: "mtools"),
    ]
    /// The most arguments of one call.
    private static let atOnce = 200

    let kind: FileSystemKind
    let label: String
    let serial: String
    /// The file that it is written into, in the tools' folder.
    let file: String
    /// Where it begins there, in bytes.
    let offset: Int64
    /// How many bytes it has.
    let size: Int64

    /// How large it has to be for a folder's files.
    static func need(_ usage: TreeUsage, _ kind: FileSystemKind) -> PartitionLayout.Need {
        let least = usage.bytes + usage.bytes / 50 + usage.files * 512 + 1 << 20
        let wanted = PartitionLayout.aligned(least + least / 10 + 32 << 20)
        return .init(least: least, wanted: kind == .fat32 ? max(wanted, 64 << 20) : wanted)
    }

    /// Whether it is FAT32, which `vfat` is from 512 MiB on.
    private var isWide: Bool { kind == .fat32 || kind == .vfat && size >= 512 << 20 }

    /// How many sectors a cluster has: as many clusters as the kind wants, and no more than it can have.
    var sectorsPerCluster: Int64 {
        var sectors: Int64 = 1
        if isWide {
            // At least 65,525 clusters; 4 KiB from 300 MiB on.
            if size >= 300 << 20 { sectors = 8 }
            while sectors < 64, size / PartitionLayout.sector / sectors > 4_000_000 { sectors *= 2 }
        } else {
            // At most 65,524 clusters.
            while sectors < 64, size / PartitionLayout.sector / sectors > 65_000 { sectors *= 2 }
        }
        return sectors
    }

    /// Makes it of a folder, whose files are copied in the order of their names.
    func make(of folder: FilePath, for artifact: String, with tools: DiskTools) async throws {
        var arguments = ["--invariant", "-i", serial]
        // Left to itself, it would go by the size of the whole file.
        arguments += ["-F", isWide ? "32" : "16", "-s", "\(sectorsPerCluster)"]
        if !label.isEmpty { arguments += ["-n", label] }
        arguments += ["--offset=\(offset / PartitionLayout.sector)", file, "\(size / 1024)"]
        try await tools.run("mkfs.vfat", arguments, for: artifact)
        try await fill(folder, "::", for: artifact, with: tools)
    }

    private func fill(_ folder: FilePath, _ place: String, for artifact: String, with tools: DiskTools) async throws {
        let image = "\(file)@@\(offset)"
        var folders: [(path: FilePath, place: String)] = []
        var files: [String] = []
        var seen: Set<String> = []
        for name in try Files.names(in: folder) {
            let path = folder.appending(name)
            let text = name.string
            try check(text, &seen, in: place, for: artifact)
            switch try FileStatus.of(path)?.kind {
            case .directory: folders.append((path, "\(place)/\(text)"))
            case .file: files.append(path.string)
            default:
                throw DiskError.making(
                    artifact, .content,
                    "\(Printable.escaped("\(place.dropFirst(2))/\(text)")) is neither a file nor a folder, and FAT has "
                        + "nothing else", hint: "mount the partition elsewhere, or give it fsType: ext4")
            }
        }
        for part in folders.map(\.place).chunked(Self.atOnce) {
            try await tools.run("mmd", ["-i", image] + part, for: artifact)
        }
        for part in files.chunked(Self.atOnce) {
            try await tools.run("mcopy", ["-i", image, "-m"] + part + ["\(place)/"], for: artifact)
        }
        for (path, place) in folders { try await fill(path, place, for: artifact, with: tools) }
    }

    /// Refuses names that FAT cannot hold, or cannot tell apart.
    private func check(_ name: String, _ seen: inout Set<String>, in place: String, for artifact: String) throws {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F && !"\"*/:<>?\\|[]".unicodeScalars.contains($0)
        }
        if !isPlain || name.hasSuffix(".") || name.hasSuffix(" ") || !seen.insert(name.lowercased()).inserted {
            throw DiskError.making(
                artifact, .content,
                "FAT cannot hold the name \(Printable.escaped("\(place.dropFirst(2))/\(name)"))",
                hint: "mount the partition elsewhere, or give it fsType: ext4")
        }
    }
}

extension Array {
    /// The elements in pieces of at most `count`.
    func chunked(_ count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
