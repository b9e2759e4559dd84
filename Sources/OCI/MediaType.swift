/// The media types that this program writes or tells apart.
///
/// https://github.com/opencontainers/image-spec/blob/main/media-types.md
public enum MediaType {
    /// An OCI image index.
    public static let index = "application/vnd.oci.image.index.v1+json"
    /// An OCI image manifest.
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An OCI image config.
    public static let config = "application/vnd.oci.image.config.v1+json"
    /// An OCI layer, not compressed.
    public static let layer = "application/vnd.oci.image.layer.v1.tar"
    /// Docker's list of manifests.
    public static let dockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json"
    /// Docker's image manifest.
    public static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"

    /// Whether a blob of this type is a list of manifests.
    public static func isIndex(_ type: String) -> Bool { type == index || type == dockerManifestList }
    /// Whether a blob of this type is the manifest of one image.
    public static func isManifest(_ type: String) -> Bool { type == manifest || type == dockerManifest }
}
