import SystemCalls

/// How the packages of a build came to be in the package cache.
public struct FetchReport: Sendable {
    /// Those that were there, whole.
    public var cached: [Package] = []
    /// Those that were fetched, the replaced ones too.
    public var downloaded: [Package] = []
    /// Those that were there, and were not what the signed index says: removed, and fetched again.
    public var replaced: [(package: Package, reason: String)] = []

    /// An empty report.
    public init() {}

    /// Bytes that did not have to be fetched.
    public var bytesSaved: Int64 { Self.bytes(of: cached) }
    /// Bytes that were fetched.
    public var bytesDownloaded: Int64 { Self.bytes(of: downloaded) }

    static func bytes(of packages: [Package]) -> Int64 { packages.map { Size($0.size) }.total { $0 }.bytes }
}

/// A file of the package cache.
public struct CachedFile: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its size in bytes.
    public var size: Int64
    /// When a build used it last, in seconds since 1970; nil where the cache's index does not know the file.
    public var lastUsed: Int64?

    /// Describes a file.
    public init(name: String, size: Int64, lastUsed: Int64?) {
        self.name = name
        self.size = size
        self.lastUsed = lastUsed
    }
}
