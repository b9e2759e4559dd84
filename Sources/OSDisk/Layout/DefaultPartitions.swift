import OSTemplate

extension OSTemplate {
    /// The template's partitions; where it has none, an EFI system partition and one for the rest.
    var partitions: [DiskConfig.Partition] {
        if !disk.partitions.isEmpty { return disk.partitions }
        var esp = DiskConfig.Partition(id: "esp")
        esp.type = "esp"
        esp.fsType = "fat32"
        esp.fsLabel = "ESP"
        esp.start = 1 << 20
        esp.end = 513 << 20
        esp.mountPoint = "/boot/efi"
        esp.mountOptions = "umask=0077"
        var root = DiskConfig.Partition(id: "root")
        root.type = EFIArchitecture(provider.arch) == .arm64 ? "linux-root-arm64" : "linux-root-amd64"
        root.fsType = "ext4"
        root.fsLabel = "root"
        root.start = 513 << 20
        root.mountPoint = "/"
        return [esp, root]
    }
}
