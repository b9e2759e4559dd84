import SystemPackage

/// Where packages come from, and whose signature is trusted.
public struct PackageRepository: Hashable, Sendable {
    /// What proves that an index is the repository's.
    public enum Trust: Hashable, Sendable {
        /// A key or keyring on this machine.
        case keyring(FilePath)
        /// A key to be downloaded; its fingerprint counts in every key.
        case url(String)
        /// `[trusted=yes]`: nothing is checked; said in a warning at each build.
        case unchecked
    }

    /// The suite for deb (`bookworm`), a name of the repository for rpm.
    public var codename: String
    /// Where it is, without the suite: `http`, `https` or `file`.
    public var url: String
    /// Whose signature is trusted.
    public var trust: Trust
    /// The components, in the order in which they are written (`main contrib`); empty for rpm.
    public var components: [String]
    /// apt's pin priority, for rpm its own priority; nil where the template says none.
    public var priority: Int?
    /// The only packages that may come from here; empty for all.
    public var allowPackages: [String]

    /// Describes a repository.
    public init(
        codename: String, url: String, trust: Trust, components: [String] = [], priority: Int? = nil,
        allowPackages: [String] = []
    ) {
        self.codename = codename
        self.url = url
        self.trust = trust
        self.components = components
        self.priority = priority
        self.allowPackages = allowPackages
    }
}
