import OSTemplate
import SystemPackage

/// File systems that can only be read: squashfs and erofs.
enum PackedFileSystem {
    static func tools(_ kind: DiskConfig.Artifact.Kind) -> [HostTool] {
        switch kind {
        case .squashfs: [HostTool("mksquashfs", package: "squashfs-tools")]
        case .erofs: [HostTool("mkfs.erofs", package: "erofs-utils")]
        default: []
        }
    }

    /// Makes one of a folder of the tools' own.
    static func make(
        _ kind: DiskConfig.Artifact.Kind, of tree: String, as name: String, identifiers: DiskIdentifiers,
        with tools: DiskTools
    ) async throws {
        let time = "\(RecipeVersion.sourceDate)"
        switch kind {
        case .squashfs:
            // Its times are those of the files; SOURCE_DATE_EPOCH would be an error beside -mkfs-time.
            try await tools.run(
                "mksquashfs",
                [tree, name, "-noappend", "-quiet", "-no-progress", "-comp", "zstd", "-Xcompression-level", "9"],
                for: kind.rawValue)
        case .erofs:
            try await tools.run(
                "mkfs.erofs", ["--quiet", "-zlz4", "-T", time, "-U", identifiers.uuid("erofs"), name, tree],
                for: kind.rawValue)
        default: break
        }
    }
}
