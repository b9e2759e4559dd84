import Hashing
import JSON
import OCI

/// A manifest as a registry gives it: one image, or an index of images for several platforms.
///
/// https://github.com/opencontainers/image-spec/blob/main/manifest.md and image-index.md; Docker's schema 2 has the same
/// members.
public enum Manifest: Hashable, Sendable {
    /// One image, by the descriptor of its config.
    case image(config: Descriptor)
    /// The manifests of an index.
    case index([Descriptor])

    /// The media types that are asked for.
    static let mediaTypes = [
        MediaType.index, MediaType.manifest, MediaType.dockerManifestList, MediaType.dockerManifest,
    ]

    /// Reads a document by its members; one that could be read as both kinds is refused, whatever its media type says.
    public init(parsing bytes: [UInt8]) throws(OCIError) {
        let object = "the manifest"
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw OCIError(object, error.description)
        }
        let manifests = json["manifests"]?.array
        let config = json["config"].flatMap { Descriptor($0) }
        switch (manifests, config) {
        case (let manifests?, nil): self = .index(manifests.compactMap { Descriptor($0) })
        case (nil, let config?): self = .image(config: config)
        case (nil, nil): throw OCIError(object, "it is neither of an image nor an index")
        default: throw OCIError(object, "it is both of an image and an index")
        }
    }
}

extension [Descriptor] {
    /// The manifest for a platform: of the same variant, else the first of the same architecture; nil where there is none.
    public func manifest(for platform: Platform) -> Descriptor? {
        first { $0.platform == platform }
            ?? first { $0.platform?.os == platform.os && $0.platform?.architecture == platform.architecture }
    }
}
