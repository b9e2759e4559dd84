import OSTemplate
import SystemCalls
import SystemPackage

/// Disk files of virtual machines, made by qemu-img of a raw disk.
enum VirtualDisk {
    static let tools = [HostTool("qemu-img", package: "qemu-utils")]

    /// qemu-img's words for a kind; nil for kinds that are none of its.
    static func options(_ kind: DiskConfig.Artifact.Kind) -> [String]? {
        switch kind {
        case .qcow2: ["-O", "qcow2", "-c", "-o", "compression_type=zstd"]
        // Without it the disk would be rounded to whole cylinders, and the end of GPT would not be at its end.
        case .vhd: ["-O", "vpc", "-o", "force_size=on"]
        case .vhdx: ["-O", "vhdx"]
        case .vmdk: ["-O", "vmdk"]
        case .vdi: ["-O", "vdi"]
        case .raw, .tar, .ext4, .squashfs, .erofs, .dockerArchive: nil
        }
    }

    /// Converts a raw disk; what the format has of time and chance is replaced.
    static func make(
        _ kind: DiskConfig.Artifact.Kind, of raw: String, as name: String, identifiers: DiskIdentifiers,
        with tools: DiskTools
    ) async throws {
        guard let options = options(kind) else { return }
        try await tools.run("qemu-img", ["convert", "-f", "raw"] + options + [raw, name], for: kind.rawValue)
        let path = tools.folder.appending(name)
        let uuid = identifiers.rawUUID("image \(kind.rawValue)")
        switch kind {
        case .vhd: try VirtualPCImage.settle(path, uuid: uuid)
        case .vhdx: try HyperVImage.settle(path, identifiers: identifiers)
        case .vmdk: try VMwareImage.settle(path, identifier: Array(uuid.prefix(4)))
        case .vdi: try VirtualBoxImage.settle(path, image: uuid, snapshot: identifiers.rawUUID("snapshot vdi"))
        default: break
        }
    }
}
