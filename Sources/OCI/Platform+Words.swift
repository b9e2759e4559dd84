extension Platform {
    /// Whose words a platform is written in; a key holds what BuildKit makes of a Dockerfile, so the two stay apart.
    public enum Words: Hashable, Sendable {
        /// cache-image.yml, flags, engines, images and this machine's kernel. Beside BuildKit's words these are the
        /// kernel's names of architectures (`i686`, `armv7l`), and a number alone as the variant of any of them.
        case all
        /// `--platform` of a Dockerfile's FROM. The system may have a version in parentheses, which does not count.
        case buildKit
    }

    /// Another name of an architecture.
    struct Alias {
        /// What it says of the variant.
        enum Variant {
            case asWritten, none
            case always(String)
        }

        let architecture: String
        var variant = Variant.asWritten
        /// Whether BuildKit does not know it.
        var isKernels = false
    }

    /// What an architecture's name stands for; nil where it is no other name.
    ///
    /// https://github.com/containerd/platforms/blob/main/database.go
    static func alias(_ name: String, _ words: Words) -> Alias? {
        guard let alias = aliases[name], !alias.isKernels || words == .all else { return nil }
        return alias
    }

    private static let aliases: [String: Alias] = [
        "x86_64": Alias(architecture: "amd64"),
        "x86-64": Alias(architecture: "amd64"),
        "aarch64": Alias(architecture: "arm64"),
        "armhf": Alias(architecture: "arm", variant: .always("v7")),
        "armel": Alias(architecture: "arm", variant: .always("v6")),
        "armv6l": Alias(architecture: "arm", variant: .always("v6"), isKernels: true),
        "armv7l": Alias(architecture: "arm", variant: .always("v7"), isKernels: true),
        "armv8l": Alias(architecture: "arm", variant: .always("v7"), isKernels: true),
        "i386": Alias(architecture: "386", variant: .none),
        "i486": Alias(architecture: "386", variant: .none, isKernels: true),
        "i586": Alias(architecture: "386", variant: .none, isKernels: true),
        "i686": Alias(architecture: "386", variant: .none, isKernels: true),
    ]

    /// The usual form of a variant: `v` before a number, nil for what the architecture is without one.
    static func variant(_ variant: String?, of architecture: String, _ words: Words) -> String? {
        var variant = variant
        if let number = variant, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            let isRead =
                switch architecture {
                case "arm": words == .all || number.utf8.count == 1
                case "arm64": words == .all || number == "8"
                default: words == .all
                }
            if isRead { variant = "v" + number }
        }
        switch (architecture, variant) {
        case ("arm64", "v8"), ("amd64", "v1"): return nil
        case ("arm", nil): return "v7"
        default: return variant
        }
    }

    /// The architectures that may stand alone, in Go's words.
    static let architectures: Set = [
        "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv",
        "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ]

    /// All architectures that a platform may have, in Go's words; the last ones never stand alone.
    public static let knownArchitectures = architectures.union([
        "amd64p32", "arm64be", "armbe", "mips64p32", "mips64p32le", "ppc",
    ])

    /// All systems that a platform may have.
    public static let knownSystems = Set(systems.values).union(["ios", "hurd", "nacl", "zos"])

    /// The systems that may stand alone, and what they are called.
    static let systems = [
        "linux": "linux", "windows": "windows", "darwin": "darwin", "macos": "darwin", "freebsd": "freebsd",
        "netbsd": "netbsd", "openbsd": "openbsd", "solaris": "solaris", "illumos": "illumos", "aix": "aix",
        "android": "android", "dragonfly": "dragonfly", "js": "js", "plan9": "plan9", "wasip1": "wasip1",
    ]
}
