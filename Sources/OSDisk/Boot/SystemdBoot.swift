import OSTemplate
import SystemCalls
import SystemPackage

/// The files of an EFI system partition that boots by systemd-boot.
///
/// https://uapi-group.org/specifications/specs/boot_loader_specification/
struct SystemdBoot: Sendable {
    let template: OSTemplate
    let artifact: String
    /// PARTUUID of the root file system.
    let rootUUID: String
    /// Where the loader's program is on this machine, for a tree without it.
    var hostFolder: FilePath = "/usr/lib/systemd/boot/efi"

    /// Refuses a boot loader that is not made.
    static func check(_ template: OSTemplate, hasESP: Bool, for artifact: String) throws {
        guard let loader = template.system.bootloader else { return }
        if loader.bootType != .efi {
            throw DiskError.making(
                artifact, .template, "systemConfig.bootloader.bootType \(loader.bootType.rawValue) is not supported",
                hint: "write efi")
        }
        if loader.provider != "systemd-boot" {
            throw DiskError.making(
                artifact, .template,
                "systemConfig.bootloader.provider \(Printable.quoted(Printable.escaped(loader.provider))) is not supported",
                hint: "write systemd-boot")
        }
        if !hasESP {
            throw DiskError.making(
                artifact, .template, "systemd-boot needs an EFI system partition, and disk.partitions has none",
                hint: "add a partition of type esp with fsType: fat32")
        }
    }

    /// Puts the loader, its files, the kernel and its initial RAM disk into a folder.
    func stage(from tree: RootTree, into folder: FilePath) throws {
        guard let architecture = EFIArchitecture(template.provider.arch) else {
            throw DiskError.making(
                artifact, .template, "systemd-boot is not made for \(template.provider.arch)",
                hint: "leave the EFI system partition out")
        }
        let choice = try KernelChoice(in: tree, version: template.system.kernel.version, for: artifact)
        let program = try program(architecture, in: tree)
        let kernelName = "vmlinuz-\(choice.version)"
        let initrdName = "initrd.img-\(choice.version)"
        for name in ["BOOT", "systemd"] {
            let target = folder.appending("EFI").appending(name)
            try Files.createDirectories(target, permissions: 0o755)
            try put(program, target.appending(name == "BOOT" ? architecture.fallbackName : architecture.bootProgram))
        }
        try put(choice.kernel, folder.appending(kernelName))
        if let initrd = choice.initrd { try put(initrd, folder.appending(initrdName)) }
        let entries = folder.appending("loader").appending("entries")
        try Files.createDirectories(entries, permissions: 0o755)
        try put("default image.conf\ntimeout 0\nconsole-mode keep\neditor no\n", entries, "../loader.conf")
        let entry = try entry(kernel: kernelName, initrd: choice.initrd == nil ? nil : initrdName)
        try put(entry, entries, "image.conf")
    }

    /// The text of the loader's only entry.
    func entry(kernel: String, initrd: String?) throws -> String {
        let cmdline = template.system.kernel.cmdline
        guard cmdline.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw DiskError.making(
                artifact, .template, "systemConfig.kernel.cmdline has control characters in it",
                hint: "write it in one line")
        }
        let words = cmdline.split(separator: " ").map(String.init)
        let hasRoot = words.contains { $0.hasPrefix("root=") }
        let options = (hasRoot ? [] : ["root=PARTUUID=\(rootUUID)"]) + words
        var lines = ["title \(Printable.escaped("\(template.name) \(template.version)"))", "linux /\(kernel)"]
        if let initrd { lines.append("initrd /\(initrd)") }
        lines.append("options \(options.joined(separator: " "))")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The loader's program: the tree's own, else this machine's.
    private func program(_ architecture: EFIArchitecture, in tree: RootTree) throws -> FilePath {
        let name = architecture.bootProgram
        if let own = try tree.path(FilePath("/usr/lib/systemd/boot/efi/\(name)"), kind: .file) { return own }
        let host = hostFolder.appending(name)
        if try FileStatus.of(host, followLinks: true)?.kind == .file { return host }
        throw DiskError.making(
            artifact, .tool, "neither the tree nor this machine has \(name)",
            hint: "add systemd-boot-efi to systemConfig.packages, or install it here: apt-get install systemd-boot-efi")
    }

    private func put(_ source: FilePath, _ target: FilePath) throws {
        try Files.removeTree(target)
        let input = try Files.openRegular(source)
        defer { try? input.close() }
        let output = try Files.create(target, permissions: 0o644)
        defer { try? output.close() }
        try Files.copy(input, to: output, named: target.string)
        try RootTree.setTime(target)
    }

    private func put(_ text: String, _ folder: FilePath, _ name: String) throws {
        let target = folder.pushing(FilePath(name)).lexicallyNormalized()
        try Files.removeTree(target)
        try Files.replace(target, with: Array(text.utf8))
        try RootTree.setTime(target)
    }
}
