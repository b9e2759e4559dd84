import SystemPackage

/// How the system inside is set up.
public struct SystemConfig: Sendable {
    /// `systemConfig.name`: the folder of the outputs.
    public var name = "default"
    /// `systemConfig.hostname`; nil leaves what the packages make.
    public var hostname: String?
    /// In the order written, duplicates removed.
    public var packages: [String] = []
    /// `systemConfig.kernel`.
    public var kernel = Kernel()
    /// `systemConfig.bootloader`; nil for an image that does not boot by itself.
    public var bootloader: Bootloader?
    /// `systemConfig.users`, each name once.
    public var users: [User] = []
    /// `systemConfig.additionalFiles`, each `final` once.
    public var additionalFiles: [AdditionalFile] = []
    /// Shell commands run inside the tree by `/bin/sh -c`, in order.
    public var configurations: [String] = []

    /// The kernel and what it is told.
    public struct Kernel: Sendable {
        /// The version of the kernel to boot, or its beginning; nil for the newest.
        public var version: String?
        /// One line without control characters.
        public var cmdline: String = ""
        /// The packages that bring the kernel.
        public var packages: [String] = []
        /// The newest kernel of the packages, told nothing.
        public init() {}
    }

    /// What starts the kernel.
    public struct Bootloader: Sendable {
        /// How the firmware starts it; `legacy` is refused.
        public enum BootType: String, CaseIterable, Sendable { case efi, legacy }
        /// `systemConfig.bootloader.bootType`.
        public var bootType: BootType
        /// Only `systemd-boot` is made; others are refused by name.
        public var provider: String
        /// Describes a boot loader.
        public init(bootType: BootType, provider: String) {
            self.bootType = bootType
            self.provider = provider
        }
    }

    /// An account.
    public struct User: Sendable {
        /// The name: small letters, digits, `_` and `-`.
        public var name: String
        /// In crypt(5)'s form (`$6$…`), made from a plain password with a salt that is the same for the same template;
        /// nil locks the account.
        public var passwordHash: String?
        /// The groups that the user belongs to beside the own one.
        public var groups: [String]
        /// Whether the user may use sudo without a password prompt.
        public var sudo: Bool
        /// The home folder, absolute; nil for the usual one.
        public var home: String?
        /// The login shell, absolute; nil for the usual one.
        public var shell: String?
        /// Describes an account.
        public init(
            name: String, passwordHash: String? = nil, groups: [String] = [], sudo: Bool = false, home: String? = nil,
            shell: String? = nil
        ) {
            self.name = name
            self.passwordHash = passwordHash
            self.groups = groups
            self.sudo = sudo
            self.home = home
            self.shell = shell
        }
    }

    /// A file of this machine that the image gets.
    public struct AdditionalFile: Hashable, Sendable {
        /// The real path on this machine.
        public var local: FilePath
        /// The absolute path inside the image.
        public var final: FilePath
        /// Describes a file.
        public init(local: FilePath, final: FilePath) {
            self.local = local
            self.final = final
        }
    }

    /// A system without anything of its own.
    public init() {}
}
