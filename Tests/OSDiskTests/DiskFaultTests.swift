import Glibc
import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSDisk

@Suite(.enabled(if: DiskBuilderTests.hasTools, "the programs that make disks are not installed"))
struct DiskFaultTests {
    private func failure(_ box: Sandbox, _ template: OSTemplate, _ tar: FilePath) async -> String {
        do {
            _ = try await box.build(template, tar)
            return "no error"
        } catch let error as DiskError {
            return error.description + " | " + (error.hint ?? "")
        } catch {
            return "\(error)"
        }
    }

    private func expectNothingLeft(_ box: Sandbox) throws {
        #expect(!Files.exists(box.path("scratch-out")))
        #expect(try Files.names(in: box.path("out")).isEmpty)
    }

    @Test func refusesWhatDoesNotFit() async throws {
        try await Sandbox.with { box in
            try await DiskBuilderTests.writeTree(box)
            try box.write("tree/big", bytes: [UInt8](repeating: 7, count: 30 << 20))
            let tar = try await box.tar("tree")
            let root = DiskConfig.Partition.sample("root", start: 1 << 20, end: 21 << 20, mountPoint: "/")
            let said = await failure(box, .sample([.init(.tar), .init(.raw)], partitions: [root]), tar)
            #expect(said.contains("partition \"root\": it has 20 MiB") && said.contains("MiB are missing"), "\(said)")
            try expectNothingLeft(box)
        }
    }

    @Test func refusesATreeWithoutKernel() async throws {
        try await Sandbox.with { box in
            try box.write("tree/etc/hostname", "edge\n")
            let tar = try await box.tar("tree")
            let said = await failure(box, .sample([.init(.qcow2)]), tar)
            #expect(said.hasPrefix("cannot make the raw artifact: the tree has no kernel in /boot"), "\(said)")
            try expectNothingLeft(box)
            var template = OSTemplate.sample([.init(.raw)])
            template.system.bootloader = .init(bootType: .legacy, provider: "grub")
            let other = await failure(box, template, tar)
            #expect(other.contains("bootType legacy is not supported"), "\(other)")
        }
    }

    @Test func noTarLeavesTheScratchFolder() async throws {
        try await Sandbox.with { box in
            try box.write("outside/victim", "safe")
            let script = """
                import tarfile, io
                def add(tar, name, kind=tarfile.REGTYPE, link="", data=b"evil"):
                    info = tarfile.TarInfo(name); info.type = kind; info.linkname = link
                    info.size = len(data) if kind == tarfile.REGTYPE else 0
                    tar.addfile(info, io.BytesIO(data) if kind == tarfile.REGTYPE else None)
                outside = "\(box.path("outside").string)"
                with tarfile.open("up.tar", "w") as tar: add(tar, "../../../outside/victim")
                with tarfile.open("link.tar", "w") as tar:
                    add(tar, "escape", tarfile.SYMTYPE, outside); add(tar, "escape/victim")
                with tarfile.open("hard.tar", "w") as tar:
                    add(tar, "hard", tarfile.LNKTYPE, outside + "/victim"); add(tar, "hard")
                with tarfile.open("etc.tar", "w") as tar:
                    add(tar, "boot/vmlinuz-1"); add(tar, "usr/lib/systemd/boot/efi/systemd-bootx64.efi")
                    add(tar, "etc", tarfile.SYMTYPE, outside)
                with tarfile.open("esp.tar", "w") as tar:
                    add(tar, "boot/vmlinuz-1"); add(tar, "usr/lib/systemd/boot/efi/systemd-bootx64.efi")
                    add(tar, "boot/efi", tarfile.SYMTYPE, outside)
                with tarfile.open("kernel.tar", "w") as tar:
                    add(tar, "boot/vmlinuz-1", tarfile.SYMTYPE, outside + "/victim")
                """
            try await box.run("python3", ["-c", script]).check()
            for name in ["up", "link", "hard", "etc", "esp", "kernel"] {
                let said = await failure(box, .sample([.init(.raw)]), box.path("\(name).tar"))
                #expect(said.hasPrefix("cannot ") && !said.contains("\n"), "\(name): \(said)")
                #expect(try box.text("outside/victim") == "safe")
                #expect(try Files.names(in: box.path("outside")).count == 1)
                try expectNothingLeft(box)
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can mount"))
    func saysThatThereIsNoRoom() async throws {
        try await Sandbox.with { box in
            try box.write("tree/big", bytes: [UInt8](repeating: 7, count: 12 << 20))
            let tar = try await box.tar("tree")
            try box.write("small/x", "")
            // A mount that ends with this namespace would not be seen by the builder, so a real one is made.
            try await box.run("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", box.path("small").string]).check()
            var said = ""
            do {
                let order = DiskOrder(
                    template: .sample([.init(.ext4)]), rootfs: tar, rootfsDigest: try FileDigest.of(tar).sha256,
                    folder: box.path("small"), scratch: box.path("small/scratch"), environment: box.environment)
                _ = try await DiskBuilder(order).build()
            } catch let error as DiskError {
                said = error.description
                #expect(error.kind == .space)
            } catch {
                said = "\(error)"
            }
            let left = try Files.names(in: box.path("small")).count
            try await box.run("umount", [box.path("small").string]).check()
            #expect(said.contains("no space left on the file system of"), "\(said)")
            #expect(left == 0)
        }
    }

    @Test func nothingIsLeftOfACancelledBuild() async throws {
        try await Sandbox.with { box in
            try await DiskBuilderTests.writeTree(box)
            try await box.run("sh", ["-c", "head -c 60000000 /dev/urandom > tree/noise"]).check()
            let tar = try await box.tar("tree")
            let task = Task { try await box.build(.sample([.init(.tar), .init(.tar, compression: .xz)]), tar) }
            let scratch = box.path("scratch-out").string
            for _ in 0..<300 {
                if try await box.run("pgrep", ["-x", "xz"]).status == 0 { break }
                try await Task.sleep(for: .milliseconds(20))
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try expectNothingLeft(box)
            let open = try await box.run("sh", ["-c", "ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -c '\(scratch)'"])
            #expect(open.output == "0\n")
        }
    }
}
