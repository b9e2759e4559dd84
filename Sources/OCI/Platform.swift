import Glibc

/// What an image runs on: operating system, processor architecture, and its variant where one is named.
///
/// Every value is in the usual spelling: `x86_64` is `amd64`, `aarch64` and `arm64/v8` are `arm64`, `arm` is `arm/v7`.
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
    public static let linuxAMD64 = Platform(architecture: "amd64")

    /// The platform of this machine; its containers are Linux ones.
    public static let host: Platform = {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return Platform(architecture: machine)
    }()

    /// Takes the parts, in any spelling that `words` has.
    public init(os: String = "linux", architecture: String, variant: String? = nil, words: Words = .all) {
        let system = os.lowercased()
        self.os = Self.systems[system] ?? system
        var architecture = architecture.lowercased()
        var variant = variant.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        if let alias = Self.alias(architecture, words) {
            architecture = alias.architecture
            switch alias.variant {
            case .asWritten: break
            case .none: variant = nil
            case .always(let one): variant = one
            }
        }
        variant = Self.variant(variant, of: architecture, words)
        self.architecture = architecture
        self.variant = variant
    }

    /// The parts, of which there are two or three.
    public var parts: [String] { [os, architecture] + (variant.map { [$0] } ?? []) }
}

extension Platform: CustomStringConvertible {
    /// `OS/ARCH` or `OS/ARCH/VARIANT`.
    public var description: String { parts.joined(separator: "/") }
}

extension Platform: Comparable {
    /// Orders by the text form.
    public static func < (left: Platform, right: Platform) -> Bool { left.description < right.description }
}
