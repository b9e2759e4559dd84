import Hashing
import OCI

/// What an image archive holds.
public struct ArchiveContents: Hashable, Sendable {
    /// The form of an archive.
    public enum Format: String, Hashable, Sendable {
        /// Docker's: `manifest.json` names configs and layers.
        case dockerArchive = "docker-archive"
        /// An OCI image layout in a tar.
        case ociArchive = "oci-archive"
        /// Both at once, as Docker 25 and later write it.
        case mixed
    }

    /// An image of the archive.
    public struct Image: Hashable, Sendable {
        /// The image's config; its digest is the image ID.
        public let config: ImageConfig
        /// The names under which the archive holds it, as written.
        public let names: [String]
        /// How each layer is compressed in the archive, the lowest first.
        public let layers: [Compression]
    }

    /// The archive's form.
    public let format: Format
    /// How the archive as a whole is compressed.
    public let compression: Compression
    /// Its images, in its order.
    public let images: [Image]
}
