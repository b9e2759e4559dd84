import Hashing
import OCI

/// A layer: the digest of its uncompressed bytes (its DiffID), and how many they are.
public struct LayerSize: Hashable, Sendable {
    /// The DiffID; in a canonical archive the blob's digest, too.
    public let digest: SHA256Digest
    /// Bytes, uncompressed.
    public let size: Int64

    /// Makes a layer's description.
    public init(digest: SHA256Digest, size: Int64) {
        self.digest = digest
        self.size = size
    }
}

/// An archive in the canonical form that was written, or read to its end: every blob agreed with its digest.
public struct CanonicalArchive: Hashable, Sendable {
    /// The SHA-256 of the archive's bytes: its LFS OID.
    public let digest: SHA256Digest
    /// The archive's length.
    public let size: Int64
    /// The image's config, byte for byte.
    public let config: ImageConfig
    /// The layers in the order of the manifest; one that occurs twice is listed twice.
    public let layers: [LayerSize]
    /// The names in `RepoTags`.
    public let names: [String]
    /// The configs of the other images in the stream that it was made of, where they were asked for.
    public internal(set) var others: [ImageConfig] = []

    /// The image ID: the digest of the config.
    public var imageID: SHA256Digest { config.digest }
}

/// An image that was sent to a reader: every blob agreed with its digest.
public struct SentImage: Hashable, Sendable {
    /// The image's config, byte for byte.
    public let config: ImageConfig
    /// The layers in the order of the manifest.
    public let layers: [LayerSize]
    /// How many bytes went out.
    public let bytesSent: Int64

    /// Describes what was sent.
    public init(config: ImageConfig, layers: [LayerSize], bytesSent: Int64) {
        self.config = config
        self.layers = layers
        self.bytesSent = bytesSent
    }

    /// The image ID: the digest of the config.
    public var imageID: SHA256Digest { config.digest }
}
