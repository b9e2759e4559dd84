import Hashing
import JSON
import SystemPackage
import TestSupport

@testable import OSDisk
@testable import OSTemplate

extension OSTemplate {
    /// A template for tests, with what is asked for.
    static func sample(
        _ artifacts: [DiskConfig.Artifact], name: String = "edge", version: String = "1.0",
        partitions: [DiskConfig.Partition] = [], size: Int64? = nil, cmdline: String = "console=ttyS0"
    ) -> OSTemplate {
        var disk = DiskConfig()
        disk.artifacts = artifacts
        disk.partitions = partitions
        disk.size = size
        var system = SystemConfig()
        system.kernel.cmdline = cmdline
        return OSTemplate(
            path: "/t/edge.yml", name: name, version: version,
            provider: Provider(os: "debian", dist: "bookworm", arch: "amd64", family: .deb), imageType: .raw,
            repositories: [], basePackages: [], system: system, disk: disk, usesPackageCache: nil, usesImageCache: nil,
            localFiles: [], canonical: .null)
    }
}

extension DiskConfig.Partition {
    /// A small disk that boots: an EFI system partition of 40 MiB, and the rest.
    static var small: [DiskConfig.Partition] {
        var esp = sample(
            "esp", type: "esp", fsType: "fat32", start: 1 << 20, end: 41 << 20, mountPoint: "/boot/efi")
        esp.fsLabel = "ESP"
        var root = sample("root", type: "linux-root-amd64", mountPoint: "/")
        root.fsLabel = "root"
        return [esp, root]
    }

    /// A partition for tests.
    static func sample(
        _ id: String, type: String = "linux", fsType: String = "ext4", start: Int64 = 0, end: Int64? = nil,
        mountPoint: String = "", flags: [String] = []
    ) -> DiskConfig.Partition {
        var partition = DiskConfig.Partition(id: id)
        (partition.type, partition.fsType, partition.start, partition.end) = (type, fsType, start, end)
        (partition.mountPoint, partition.flags) = (mountPoint, flags)
        return partition
    }
}

extension Sandbox {
    /// Makes a tar as the tree builder does, of a folder of this sandbox.
    func tar(_ folder: String, as name: String = "rootfs.tar") async throws -> FilePath {
        try await run(
            "tar",
            [
                "--create", "--file", path(name).string, "--directory", path(folder).string, "--sort=name",
                "--format=pax", "--pax-option=delete=atime,delete=ctime", "--numeric-owner", "--xattrs",
                "--xattrs-include=*", "--mtime=@1700000000", ".",
            ]
        ).check()
        return path(name)
    }

    /// Builds a template's artifacts in a folder of their own.
    func build(
        _ template: OSTemplate, _ tar: FilePath, into name: String = "out",
        stage: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> [DiskArtifact] {
        try await run("mkdir", ["-p", path(name).string]).check()
        let digest = try FileDigest.of(tar).sha256
        let order = DiskOrder(
            template: template, rootfs: tar, rootfsDigest: digest, folder: path(name), scratch: path("scratch-\(name)"),
            environment: environment, stage: stage)
        return try await DiskBuilder(order).build()
    }
}
