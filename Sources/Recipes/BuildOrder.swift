import OCI
import SystemPackage

/// What the cache says of how an image is to be made; all else is the recipe's.
public struct BuildOrder: Sendable {
    /// The name that the image gets.
    public var name: ImageName
    /// A folder for small files.
    public var scratch: FilePath
    /// A file that gets all that the engine says.
    public var log: FilePath
    /// Images to use in place of what references name now: by the reference as written, the engine's id.
    public var bases: [String: String]
    /// Whether the engine may use steps that it has.
    public var usesStepCache = true
    /// Whether nothing may be fetched.
    public var isOffline: Bool

    /// Orders an image.
    public init(name: ImageName, scratch: FilePath, log: FilePath, bases: [String: String], isOffline: Bool) {
        self.name = name
        self.scratch = scratch
        self.log = log
        self.bases = bases
        self.isOffline = isOffline
    }
}
