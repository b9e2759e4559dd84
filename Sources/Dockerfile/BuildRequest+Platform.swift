extension BuildRequest.Platform {
    /// Reads `os`, `architecture` or `os/architecture[/variant]`, and brings other names of them into the usual form.
    init(_ text: String, default other: BuildRequest.Platform) throws(DockerfileError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { GoText.lowercased(String($0)) }
        let isValid = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "_-.()".utf8.contains($0)
                }
        }
        guard isValid, (1...3).contains(parts.count) else {
            throw DockerfileError("failed to parse platform \(text)")
        }
        if parts.count == 1 {
            if let os = Self.systems[parts[0]] {
                self.init(os: os, architecture: other.architecture, variant: other.variant)
            } else if Self.isArchitecture(parts[0]) {
                self.init(os: other.os, architecture: parts[0])
            } else {
                throw DockerfileError(
                    "failed to parse platform \(text): unknown operating system or architecture")
            }
        } else {
            let os = parts[0].prefix { $0 != "(" }
            self.init(
                os: Self.systems[String(os)] ?? String(os), architecture: parts[1],
                variant: parts.count == 3 ? parts[2] : "")
        }
        self = normalized
    }

    /// The platform in its usual form: `amd64`, `arm64` without `v8`, `arm/v7` for `armhf`.
    var normalized: BuildRequest.Platform {
        var architecture = architecture
        var variant = variant
        switch architecture {
        case "i386": (architecture, variant) = ("386", "")
        case "x86_64", "x86-64", "amd64":
            architecture = "amd64"
            if variant == "v1" { variant = "" }
        case "aarch64", "arm64":
            architecture = "arm64"
            if variant == "8" || variant == "v8" { variant = "" }
        case "armhf": (architecture, variant) = ("arm", "v7")
        case "armel": (architecture, variant) = ("arm", "v6")
        case "arm":
            if variant.isEmpty { variant = "v7" }
            if variant.count == 1 { variant = "v" + variant }
        default: break
        }
        return BuildRequest.Platform(os: os, architecture: architecture, variant: variant)
    }

    private static let systems = [
        "linux": "linux", "windows": "windows", "darwin": "darwin", "macos": "darwin", "freebsd": "freebsd",
        "netbsd": "netbsd", "openbsd": "openbsd", "solaris": "solaris", "illumos": "illumos", "aix": "aix",
        "android": "android", "dragonfly": "dragonfly", "js": "js", "plan9": "plan9", "wasip1": "wasip1",
    ]

    private static func isArchitecture(_ name: String) -> Bool {
        [
            "386", "i386", "amd64", "x86_64", "x86-64", "arm", "armhf", "armel", "arm64", "aarch64", "loong64", "mips",
            "mipsle", "mips64", "mips64le", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc",
            "sparc64", "wasm",
        ].contains(name)
    }
}
