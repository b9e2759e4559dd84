import Archive
import Hashing
import OCI
import SystemPackage

/// An image to take out of an engine.
public struct SaveRequest: Sendable {
    /// The engine's image.
    public var image: EngineImage
    /// The name that the archive gives it.
    public var name: ImageName
    /// The file to create.
    public var path: FilePath
    /// A second file to create, with the same bytes; on failure it is the caller's to remove.
    public var twin: FilePath?
    /// Further images, by the engine's ids, of which the configs alone are wanted; only where `Engine.savesTogether`.
    public var alongside: [SHA256Digest] = []
    /// An archive of ours that may have layers of the image, such as that of the version before; nil where there is none.
    public var predecessor: FilePath?
    /// A folder for temporary files; without one the engine is asked for everything.
    public var scratch: FilePath?

    /// Makes a request.
    public init(_ image: EngineImage, as name: ImageName, to path: FilePath) {
        self.image = image
        self.name = name
        self.path = path
    }
}

/// What a save did.
public struct SaveResult: Hashable, Sendable {
    /// The archive that was written.
    public let archive: CanonicalArchive
    /// How many bytes were taken from the engine: those of the archive without the layers that stood in another one.
    public let bytesRead: Int64

    /// Describes a save.
    public init(archive: CanonicalArchive, bytesRead: Int64) {
        self.archive = archive
        self.bytesRead = bytesRead
    }
}
