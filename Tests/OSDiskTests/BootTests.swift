import Foundation
import OSTemplate
import SystemPackage
import TestSupport
import Testing

@testable import OSDisk

/// A disk is booted: firmware, GPT, EFI system partition, systemd-boot, kernel, initial RAM disk, root file system.
@Suite struct BootTests {
    private static let firmware = ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/ovmf/OVMF.fd"].first {
        FileManager.default.fileExists(atPath: $0)
    }
    private static var isPossible: Bool {
        let required = ProcessInfo.processInfo.environment["REQUIRE_TOOLS"] == "1"
        let loader = FileManager.default.fileExists(atPath: "/usr/lib/systemd/boot/efi/systemd-bootx64.efi")
        return DiskBuilderTests.hasTools
            && Requirements.tools("qemu-system-x86_64", "busybox", "apt-get", "dpkg-deb")
            && (required || firmware != nil && loader)
    }

    /// The first program of the initial RAM disk: finds the partition that the kernel's words name, and shows a file of it.
    private static let start = #"""
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
        for name in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
            [ ! -e /lib/$name.ko ] || insmod /lib/$name.ko
        done
        for word in $(cat /proc/cmdline); do
            case $word in root=PARTUUID=*) wanted=${word#root=PARTUUID=} ;; esac
        done
        for try in 1 2 3 4 5 6 7 8 9; do [ -e /dev/vda2 ] || sleep 1; done
        for number in 1 2; do
            h=$(dd if=/dev/vda bs=1 skip=$((1024 + 128 * (number - 1) + 16)) count=16 2>/dev/null | hexdump -v -e '1/1 "%02x"')
            uuid=${h:6:2}${h:4:2}${h:2:2}${h:0:2}-${h:10:2}${h:8:2}-${h:14:2}${h:12:2}-${h:16:4}-${h:20:12}
            [ $uuid != $wanted ] || mount -t ext4 -o ro /dev/vda$number /root
        done
        cat /root/etc/proof; cat /root/etc/fstab
        poweroff -f
        """#

    @Test(.enabled(if: isPossible, "qemu, OVMF, systemd-boot or busybox is not installed: NO DISK IS BOOTED"))
    func aDiskBoots() async throws {
        try await Sandbox.with { box in
            let variables = ProcessInfo.processInfo.environment
            let names = ["http_proxy", "https_proxy", "no_proxy", "APT_CONFIG"]
            let passed = Dictionary(uniqueKeysWithValues: names.map { ($0, variables[$0]) })
            let script = """
                set -e; cd \(box.root.string); mkdir -p deb tree/etc ram/bin ram/lib ram/proc ram/sys ram/dev ram/root
                cd deb
                name=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \\(linux-image-[0-9].*\\)/\\1/p')
                apt-get -q -o APT::Sandbox::User=root download $name
                dpkg-deb -x *.deb .
                cd ..; version=$(ls deb/lib/modules deb/usr/lib/modules 2>/dev/null | grep -m1 '^[0-9]')
                cp $(readlink -f $(command -v busybox)) ram/bin/busybox; cp init ram/init
                find deb -name 'virtio*.ko' -exec cp {} ram/lib/ ';'
                mkdir -p tree/boot; cp deb/boot/vmlinuz-* tree/boot/
                (cd ram; find . | busybox cpio -o -H newc) > tree/boot/initrd.img-$version
                echo THE-ROOT-IS-MOUNTED > tree/etc/proof
                """
            try box.write("init", Self.start, permissions: 0o755)
            try await box.run("sh", ["-c", script], environment: passed).check()
            let tar = try await box.tar("tree")
            let template = OSTemplate.sample([.init(.raw)], cmdline: "console=ttyS0 panic=-1 quiet")
            let disk = try await box.build(template, tar)[0].path.string
            let result = try await box.run(
                "timeout",
                [
                    "400", "qemu-system-x86_64", "-machine", "q35,accel=tcg", "-m", "512", "-nographic", "-no-reboot",
                    "-net", "none", "-bios", Self.firmware ?? "",
                    "-drive", "file=\(disk),format=raw,if=virtio,snapshot=on",
                ])
            #expect(result.output.contains("THE-ROOT-IS-MOUNTED"), "\(result.output.suffix(3000))")
            #expect(result.output.contains("/boot/efi vfat umask=0077 0 0"))
            #expect(result.status == 0)
        }
    }
}
