import Hashing
import OSTemplate

/// What a template's package lists came to, at one state of its repositories.
public struct Resolution: Hashable, Sendable {
    /// A signed index that decided it: an `InRelease` for deb, a `repomd.xml` for rpm.
    public struct SignedIndex: Hashable, Sendable {
        /// Its address.
        public var url: String
        /// The digest of its bytes.
        public var sha256: SHA256Digest
        /// The fingerprints of the keys that signed it, upper case hex, sorted; empty where nothing is checked.
        public var signers: [String]

        /// Describes an index.
        public init(url: String, sha256: SHA256Digest, signers: [String]) {
            self.url = url
            self.sha256 = sha256
            self.signers = signers
        }
    }

    /// The packages of the base tree, sorted by file name.
    public var base: [Package]
    /// All further packages, sorted by file name.
    public var extras: [Package]
    /// The indexes, sorted by address.
    public var indexes: [SignedIndex]

    /// Puts a resolution together.
    public init(base: [Package], extras: [Package], indexes: [SignedIndex]) {
        self.base = base
        self.extras = extras
        self.indexes = indexes
    }

    /// Every package, sorted by file name.
    public var all: [Package] { (base + extras).sorted { $0.fileName < $1.fileName } }
    /// The fingerprints of all keys that signed an index, sorted, each once.
    public var signers: [String] { Set(indexes.flatMap(\.signers)).sorted() }
}

/// What is to be resolved.
public struct PackageRequest: Sendable {
    /// Whose packages they are.
    public var provider: Provider
    /// Where they come from, in the order of the template.
    public var repositories: [PackageRepository]
    /// Packages and patterns of the base tree.
    public var base: [String]
    /// Packages beyond it.
    public var extras: [String]

    /// Asks for packages.
    public init(provider: Provider, repositories: [PackageRepository], base: [String], extras: [String]) {
        self.provider = provider
        self.repositories = repositories
        self.base = base
        self.extras = extras
    }
}
