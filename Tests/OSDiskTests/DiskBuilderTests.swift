import Hashing
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSDisk

@Suite struct DiskBuilderTests {
    static let kinds: [DiskConfig.Artifact] = [
        .init(.tar), .init(.ext4), .init(.squashfs), .init(.erofs), .init(.dockerArchive), .init(.raw), .init(.qcow2),
        .init(.vhd), .init(.vhdx), .init(.vmdk), .init(.vdi), .init(.tar, compression: .gz),
        .init(.tar, compression: .xz), .init(.tar, compression: .zstd), .init(.tar, compression: .bz2),
    ]
    static let hasTools = Requirements.tools(
        "mke2fs", "debugfs", "mksquashfs", "mkfs.erofs", "qemu-img", "sfdisk", "mkfs.vfat", "mcopy", "zstd", "xz",
        "bzip2",
        "setcap")

    /// A small tree with everything that a tar of a system has: owners, bits, links, devices, capabilities.
    static func writeTree(_ box: Sandbox, _ name: String = "tree") async throws {
        try box.write("\(name)/etc/hostname", "edge\n")
        try box.write("\(name)/etc/fstab", "# nothing yet\n")
        try box.write("\(name)/usr/bin/tool", "#!/bin/sh\n", permissions: 0o4755)
        try box.write("\(name)/usr/bin/capable", String(repeating: "x", count: 300_000), permissions: 0o755)
        try box.write("\(name)/usr/lib/systemd/boot/efi/systemd-bootx64.efi", "loader")
        try box.write("\(name)/boot/vmlinuz-6.1.0-9-amd64", "old")
        try box.write("\(name)/boot/vmlinuz-6.1.0-10-amd64", "new")
        try box.write("\(name)/boot/initrd.img-6.1.0-10-amd64", "ram")
        try box.write("\(name)/var/log/apt/history.log", "log\n")
        let script = """
            set -e; cd \(box.path(name).string); chmod 0750 .; mkdir -p dev home/user tmp
            for i in $(seq 200); do echo $i > home/user/file-$i; done
            chown -R 1000:1000 home/user; chmod 1777 tmp; ln -s /etc/hostname etc/link; ln -s ../../../../etc up
            ln etc/hostname etc/hard; mknod dev/null c 1 3; mkfifo dev/pipe; setcap cap_net_raw+ep usr/bin/capable
            """
        try await box.run("sh", ["-c", script]).check()
    }

    @Test(.enabled(if: hasTools, "the programs that make disks are not installed"))
    func everyArtifactIsTheSameTwice() async throws {
        try await Sandbox.with { box in
            try await Self.writeTree(box)
            let tar = try await box.tar("tree")
            let template = OSTemplate.sample(Self.kinds, partitions: DiskConfig.Partition.small)
            let made = try await box.build(template, tar)
            #expect(made.map(\.artifact) == Self.kinds)
            #expect(
                made.map { $0.path.lastComponent?.string }
                    == Self.kinds.map {
                        "edge-1.0.\($0.kind.rawValue)" + ($0.compression.map { ".\($0.rawValue)" } ?? "")
                    })
            // Another second, another folder, another order of names in it.
            try await Task.sleep(for: .milliseconds(1100))
            let again = try await box.build(template, tar, into: "again")
            for (one, two) in zip(made, again) {
                #expect(one.sha256 == two.sha256, "\(one.artifact)")
                #expect(one.size == two.size)
                let (size, digest) = try FileDigest.of(one.path)
                #expect(size == one.size && digest == one.sha256)
            }
            #expect(!Files.exists(box.path("scratch-out")))
            #expect(try Files.names(in: box.path("out")).count == Self.kinds.count)
            try await judge(box)
        }
    }

    /// Lets other programs say whether the files are what they should be.
    private func judge(_ box: Sandbox) async throws {
        func out(_ name: String) -> String { box.path("out/edge-1.0.\(name)").string }
        try await box.run("e2fsck", ["-fn", out("ext4")]).check()
        let files = try await box.run("debugfs", ["-R", "ls -l /", out("ext4")]).check().output
        #expect(files.contains("40750"))
        let stat = try await box.run("debugfs", ["-R", "stat /usr/bin/capable", out("ext4")]).check().output
        #expect(stat.contains("security.capability"))
        #expect(stat.contains("ctime: 0x67748580") && stat.contains("atime: 0x67748580"))
        #expect(stat.contains("mtime: 0x6553f100"))
        let user = try await box.run("debugfs", ["-R", "stat /home/user/file-7", out("ext4")]).check().output
        #expect(user.contains("User:  1000"))
        let packed = try await box.run("unsquashfs", ["-lln", out("squashfs")]).check().output
        #expect(packed.contains("-rwsr-xr-x 0/0"))
        for kind in ["qcow2", "vhdx", "vmdk", "vdi"] {
            let check = try await box.run("qemu-img", ["check", out(kind)])
            #expect(check.status == 0, "\(check)")
        }
        for (kind, format) in [("qcow2", "qcow2"), ("vhd", "vpc"), ("vhdx", "vhdx"), ("vmdk", "vmdk"), ("vdi", "vdi")] {
            try await box.run(
                "qemu-img", ["compare", "-f", "raw", "-F", format, out("raw"), out(kind)]
            ).check()
        }
        for (kind, program) in [("gz", "gzip"), ("xz", "xz"), ("zstd", "zstd"), ("bz2", "bzip2")] {
            let text = "\(program) -dc < \(out("tar." + kind)) | cmp - \(box.path("rootfs.tar").string)"
            try await box.run("sh", ["-c", text]).check()
        }
    }

    @Test(.enabled(if: hasTools, "the programs that make disks are not installed"))
    func dividesTheTreeAmongPartitions() async throws {
        try await Sandbox.with { box in
            try await Self.writeTree(box)
            let tar = try await box.tar("tree")
            var esp = DiskConfig.Partition.sample(
                "esp", type: "esp", fsType: "fat32", start: 1 << 20, end: 65 << 20, mountPoint: "/boot",
                flags: ["esp", "boot"])
            esp.fsLabel = "BOOT"
            var swap = DiskConfig.Partition.sample("swap", type: "linux-swap", fsType: "swap", end: 81 << 20)
            swap.start = 65 << 20
            let log = DiskConfig.Partition.sample("log", fsType: "ext3", end: 113 << 20, mountPoint: "/var/log")
            var root = DiskConfig.Partition.sample("root", type: "linux-root-amd64", mountPoint: "/")
            root.fsLabel = "rootfs"
            let template = OSTemplate.sample(
                [.init(.raw)], partitions: [esp, swap, log, root], size: 256 << 20, cmdline: "quiet")
            let disk = try await box.build(template, tar)[0].path
            #expect(try FileStatus.of(disk)?.size == 256 << 20)
            try await box.run("sfdisk", ["--verify", disk.string]).check()
            func cut(_ name: String, _ start: Int, _ size: Int) async throws -> String {
                try await box.run(
                    "dd",
                    [
                        "if=\(disk.string)", "of=\(box.path(name).string)", "bs=1M", "skip=\(start)", "count=\(size)",
                        "conv=sparse", "status=none",
                    ]
                ).check()
                return box.path(name).string
            }
            let fat = try await cut("fat", 1, 64)
            try await box.run("fsck.vfat", ["-n", fat]).check()
            let entry = try await box.run("mtype", ["-i", fat, "::/loader/entries/image.conf"]).check().output
            let identifiers = DiskIdentifiers(rootfs: try FileDigest.of(tar).sha256, image: "edge")
            #expect(
                entry == """
                    title edge 1.0
                    linux /vmlinuz-6.1.0-10-amd64
                    initrd /initrd.img-6.1.0-10-amd64
                    options root=PARTUUID=\(identifiers.uuid("partition root")) quiet

                    """)
            #expect(try await box.run("mtype", ["-i", fat, "::/EFI/BOOT/BOOTX64.EFI"]).check().output == "loader")
            #expect(try await box.run("mtype", ["-i", fat, "::/vmlinuz-6.1.0-9-amd64"]).check().output == "old")
            let swapArea = try await cut("swap", 65, 16)
            #expect(try await box.run("blkid", ["-p", "-o", "value", "-s", "TYPE", swapArea]).output == "swap\n")
            let logs = try await cut("logs", 81, 32)
            try await box.run("e2fsck", ["-fn", logs]).check()
            #expect(try await box.run("debugfs", ["-R", "cat /apt/history.log", logs]).check().output == "log\n")
            let system = try await cut("system", 113, 142)
            try await box.run("e2fsck", ["-fn", system]).check()
            #expect(try await box.run("debugfs", ["-R", "cat /var/log/apt/history.log", system]).output.isEmpty)
            let table = try await box.run("debugfs", ["-R", "cat /etc/fstab", system]).check().output
            #expect(table.split(separator: "\n").count == 4)
        }
    }
}
