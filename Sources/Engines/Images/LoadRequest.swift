import Archive
import Hashing
import OCI
import SystemPackage

/// An archive to bring into an engine.
public struct LoadRequest: Sendable {
    /// The archive, of any form that docker, podman, buildah or skopeo write.
    public var archive: FilePath
    /// The name that the image is to have in the engine.
    public var name: ImageName
    /// The image to take where the archive holds several; `name` where none is given.
    public var selection: ImageName?
    /// The image ID that the archive must hold; nil where anything will do.
    public var expected: SHA256Digest?
    /// Whether the archive must be canonical in every byte, as those are that we wrote.
    public var isStrict = false
    /// The image that has the name in the engine now, whose layers need not be sent again; nil where none has.
    public var predecessor: EngineImage?
    /// A folder for temporary files; the archive's own where none is given.
    public var scratch: FilePath?

    /// Makes a request.
    public init(archive: FilePath, name: ImageName) {
        self.archive = archive
        self.name = name
    }
}

/// What a load did.
public struct LoadResult: Hashable, Sendable {
    /// The engine's own digest of the image.
    public let digest: SHA256Digest
    /// The image's config; its digest is the image ID.
    public let config: ImageConfig
    /// The layers in the order of the manifest.
    public let layers: [LayerSize]
    /// How many bytes the engine was given: those of the archive without the layers that it was spared.
    public let bytesSent: Int64

    /// The engine's own id, 64 hexadecimal digits.
    public var id: String { digest.hexadecimal }
}
