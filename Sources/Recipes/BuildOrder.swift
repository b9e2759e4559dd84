import OCI
import SystemPackage

/// What the cache says of how an image is to be made; all else is the recipe's.
public struct BuildOrder: Sendable {
    /// The name that the image gets.
    public var name: ImageName
    /// A folder for small files.
    public var scratch: FilePath
    /// A file that gets all that the engine says of the image.
    public var log: FilePath
    /// Images to use in place of what references name now: by the reference as written, the engine's id.
    public var bases: [String: String]
    /// Whether the engine may use steps that it has.
    public var usesStepCache = true
    /// Names of images in the engine among which a builder that does not look at all of them looks for steps.
    public var cacheSources: [ImageName] = []
    /// Whether other machines are to reuse the steps.
    public var keepsSteps = false
    /// The stage to make in place of the image, one of `StagedRecipe.furtherStages`; it gets no name.
    public var stage: String?
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
