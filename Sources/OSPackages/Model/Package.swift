import Hashing

/// One package of a resolved set.
///
/// Its identity, packageKey, is file name, size and digest.
public struct Package: Hashable, Sendable {
    /// The package's name, without version and architecture.
    public var name: String
    /// The full version, epoch included, as the family writes it.
    public var version: String
    /// The architecture in the family's own words: `amd64`, `all`, `x86_64`, `noarch`.
    public var architecture: String
    /// The name of its file in the package cache, `%` escapes as apt writes them; never with a `/`.
    public var fileName: String
    /// Where it is fetched from.
    public var url: String
    /// Its size in bytes, as the signed index says.
    public var size: Int64
    /// Its SHA-256, as the signed index says.
    public var sha256: SHA256Digest
    /// The names of packages of the same set that it depends on (for deb Depends and Pre-Depends: of alternatives the
    /// first that is in the set, virtual names replaced by their provider), sorted.
    public var depends: [String]
    /// The source package, where the index names another one than `name`.
    public var source: String?

    /// Describes a package.
    public init(
        name: String, version: String, architecture: String, fileName: String, url: String, size: Int64,
        sha256: SHA256Digest, depends: [String] = [], source: String? = nil
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.fileName = fileName
        self.url = url
        self.size = size
        self.sha256 = sha256
        self.depends = depends
        self.source = source
    }
}
