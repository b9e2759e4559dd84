/// A key that templates may have, and what is done about it.
struct TemplateKey: Sendable {
    enum Rule: Sendable {
        /// It decides the image.
        case honoured
        /// It only describes.
        case described
        /// It is known and not made; why, or what to do instead.
        case refused(hint: String)
        /// It is known and not made; a map whose `enabled` is false is accepted.
        case refusedUnlessDisabled(hint: String)
    }

    let name: String
    let rule: Rule

    static func honoured(_ names: String...) -> [TemplateKey] { names.map { .init(name: $0, rule: .honoured) } }
    static func described(_ names: String...) -> [TemplateKey] { names.map { .init(name: $0, rule: .described) } }
    static func refused(_ name: String, _ hint: String) -> [TemplateKey] {
        [.init(name: name, rule: .refused(hint: hint))]
    }
    static func refusedUnlessDisabled(_ name: String, _ hint: String) -> [TemplateKey] {
        [.init(name: name, rule: .refusedUnlessDisabled(hint: hint))]
    }
}

extension TemplateKey {
    /// The keys of each map of a template; `[]` stands for the elements of a list.
    static let tables: [String: [TemplateKey]] = [
        "": described("metadata")
            + honoured("extends", "image", "target", "disk", "systemConfig", "packageRepositories", "build")
            + refused("baseline", "remove it: an image is made of packages, never of a finished image")
            + refused("overlayPolicy", "remove it: an image is made of packages, never of a finished image")
            + refused("sbomPackageMetadata", "remove it: the bill of materials lists what was resolved"),
        "image": honoured("name", "version"),
        "target": honoured("os", "dist", "arch", "imageType"),
        "disk": honoured("name", "size", "partitionTableType", "artifacts", "partitions")
            + refused("path", "remove it: nothing is installed on a device of this machine")
            + refused("selectionPolicy", "remove it: nothing is installed on a device of this machine")
            + refused("extendLastPartitionToFillDisk", "remove it: a partition with end: 0 takes the rest of the disk"),
        "disk.artifacts[]": honoured("type", "compression"),
        "disk.partitions[]": honoured(
            "id", "name", "type", "typeUUID", "fsType", "fsLabel", "start", "end", "mountPoint", "mountOptions", "flags"
        )
            + refused("index", "remove it: partitions are numbered in the order in which they are written"),
        "packageRepositories[]": described("id")
            + honoured(
                "codename", "url", "pkey", "pkeys", "component", "priority", "allowPackages")
            + refused("path", "write url: file:///… instead")
            + refused("packages", "make an index of the packages' folder, and write url: file:///… and allowPackages")
            + refused("insecureSkipVerify", "write pkey: \"[trusted=yes]\" to check nothing"),
        "systemConfig": described("description")
            + honoured(
                "name", "hostname", "packages", "kernel", "bootloader", "users", "additionalFiles", "configurations")
            + refusedUnlessDisabled("immutability", "remove it, or write enabled: false: no dm-verity, no secure boot")
            + refusedUnlessDisabled("fde", "remove it, or write enabled: false: no full-disk encryption")
            + refusedUnlessDisabled("secureBoot", "remove it, or write enabled: false: no secure boot")
            + refusedUnlessDisabled("overlay", "remove it, or write enabled: false: no overlays")
            + refused("overlays", "remove it: put the files into additionalFiles")
            + refused("network", "remove it: put a .network file of systemd-networkd into additionalFiles")
            + refused("initramfs", "remove it: the initrd is what the packages of the image make"),
        "systemConfig.kernel": described("name") + honoured("version", "cmdline", "packages")
            + refused("enableExtraModules", "remove it: put a file for /etc/modules-load.d into additionalFiles")
            + refused("uki", "write uki: false, or remove it: kernel and initrd are files of their own on the ESP"),
        "systemConfig.bootloader": honoured("bootType", "provider"),
        "systemConfig.users[]": honoured("name", "password", "hash_algo", "groups", "sudo", "home", "shell")
            + refused("passwordMaxAge", "remove it, and put a chage command into configurations")
            + refused("startupScript", "remove it, and put a file for /etc/profile.d into additionalFiles"),
        "systemConfig.additionalFiles[]": honoured("local", "final")
            + refused("stage", "remove it: files are written before configurations run"),
        "systemConfig.configurations[]": honoured("cmd"),
        "build": honoured("cache"),
        "build.cache": honoured("use_package_cache", "use_image_cache"),
    ]
}
