import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSDisk

/// A FAT file system is made by its own size, however large the disk is that it lies on.
@Suite(.enabled(if: Requirements.tools("mkfs.vfat", "mcopy", "fsck.vfat"))) struct FATSizeTests {
    @Test(arguments: [
        (FileSystemKind.fat32, 64), (.fat32, 128), (.fat32, 256), (.fat32, 300), (.fat32, 512), (.fat32, 1024),
        (.vfat, 32),
        (.vfat, 100), (.vfat, 256), (.vfat, 512), (.fat16, 32), (.fat16, 100), (.fat16, 512),
    ])
    func everySizeIsMadeAndRead(kind: FileSystemKind, megabytes: Int) async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("folder/EFI/BOOT/BOOTX64.EFI", "loader")
            let tools = try DiskTools(folder: sandbox.root, path: sandbox.environment["PATH"])
            try sandbox.write("disk.raw", "")
            try await sandbox.run("truncate", ["--size", "4G", sandbox.path("disk.raw").string]).check()
            let offset: Int64 = 1 << 20
            let system = FATFileSystem(
                kind: kind, label: "ESP", serial: "12345678", file: "disk.raw", offset: offset,
                size: Int64(megabytes) << 20)
            try await system.make(of: sandbox.path("folder"), for: "raw", with: tools)
            let disk = sandbox.path("disk.raw").string
            try await sandbox.run(
                "dd", ["if=\(disk)", "of=\(sandbox.path("part").string)", "bs=1M", "skip=1", "count=\(megabytes)"]
            ).check()
            try await sandbox.run("fsck.vfat", ["-n", sandbox.path("part").string]).check()
            let read = try await sandbox.run("mtype", ["-i", "\(disk)@@\(offset)", "::/EFI/BOOT/BOOTX64.EFI"]).check()
            #expect(read.output == "loader")
        }
    }
}
