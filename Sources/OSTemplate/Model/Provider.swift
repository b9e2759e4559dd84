/// What packages an image is made of: `{os}-{dist}-{arch}`, such as `debian-bookworm-amd64`.
public struct Provider: Hashable, Sendable, CustomStringConvertible {
    /// How packages are packed, and so which programs read them.
    public enum Family: String, Hashable, Sendable {
        case deb, rpm
    }

    /// The operating system, such as `debian`, `ubuntu`, `azure-linux`.
    public let os: String
    /// The distribution's release, such as `bookworm`; for deb the suite.
    public let dist: String
    /// The architecture in the family's own words: `amd64` and `arm64` for deb, `x86_64` and `aarch64` for rpm.
    public let arch: String
    /// How its packages are packed.
    public let family: Family

    /// Names a provider whose words were checked.
    public init(os: String, dist: String, arch: String, family: Family) {
        self.os = os
        self.dist = dist
        self.arch = arch
        self.family = family
    }

    /// The name, also that of its folders.
    public var description: String { "\(os)-\(dist)-\(arch)" }
}
