import Glibc

/// What an image runs on: operating system, processor architecture, and its variant where one is named.
///
/// https://github.com/opencontainers/image-spec/blob/main/image-index.md
public struct Platform: Hashable, Sendable {
    /// The operating system, such as `linux`.
    public let os: String
    /// The architecture in Go's words, such as `amd64` or `arm64`.
    public let architecture: String
    /// The architecture's variant, such as `v7`; nil where there is none, or only the usual one.
    public let variant: String?

    /// `linux/amd64`.
    public static let linuxAMD64 = Platform(os: "linux", architecture: "amd64", variant: nil)

    /// Takes the parts, in their usual spelling: `x86_64` is `amd64`, `aarch64` and `arm64/v8` are `arm64`.
    public init(os: String, architecture: String, variant: String? = nil) {
        self.os = os.lowercased()
        var architecture = architecture.lowercased()
        var variant = variant.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        switch architecture {
        case "x86_64", "x86-64": architecture = "amd64"
        case "i386", "i486", "i586", "i686": architecture = "386"
        case "aarch64": architecture = "arm64"
        case "armhf": (architecture, variant) = ("arm", variant ?? "v7")
        case "armel": (architecture, variant) = ("arm", variant ?? "v6")
        case "armv6l": (architecture, variant) = ("arm", "v6")
        case "armv7l", "armv8l": (architecture, variant) = ("arm", "v7")
        default: break
        }
        if let number = variant, number.utf8.allSatisfy({ (48...57).contains($0) }) { variant = "v" + number }
        if architecture == "arm64", variant == "v8" { variant = nil }
        if architecture == "amd64", variant == "v1" { variant = nil }
        if architecture == "arm", variant == nil { variant = "v7" }
        self.architecture = architecture
        self.variant = variant
    }

    /// Reads `OS/ARCH` or `OS/ARCH/VARIANT`; a known architecture alone means linux, a known system alone this machine's
    /// architecture.
    public init(_ text: some StringProtocol) throws(OCIError) {
        let parts = String(text).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isWord = { (part: String) in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
                        || byte == 45 || byte == 46
                }
        }
        guard (1...3).contains(parts.count), parts.allSatisfy(isWord) else {
            throw OCIError("the platform \(text)", "a platform is OS/ARCH or OS/ARCH/VARIANT, such as linux/arm64")
        }
        switch parts.count {
        case 1:
            let single = Platform(os: "linux", architecture: parts[0])
            if Self.architectures.contains(single.architecture) {
                self = single
            } else if Self.systems.contains(parts[0].lowercased()) {
                self.init(os: parts[0], architecture: Self.host.architecture)
            } else {
                throw OCIError(
                    "the platform \(text)", "\(text) is neither an architecture nor a system; try linux/arm64")
            }
        case 2: self.init(os: parts[0], architecture: parts[1])
        default: self.init(os: parts[0], architecture: parts[1], variant: parts[2])
        }
    }

    /// The architectures that Linux runs on, in Go's words.
    private static let architectures: Set = [
        "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
        "riscv64", "s390x",
    ]
    private static let systems: Set = ["darwin", "freebsd", "linux", "netbsd", "openbsd", "solaris", "windows"]

    /// The platform of this machine; its containers are Linux ones.
    public static let host: Platform = {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return Platform(os: "linux", architecture: machine)
    }()
}

extension Platform: CustomStringConvertible {
    /// `OS/ARCH` or `OS/ARCH/VARIANT`.
    public var description: String {
        variant.map { "\(os)/\(architecture)/\($0)" } ?? "\(os)/\(architecture)"
    }
}
