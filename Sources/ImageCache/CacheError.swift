import Configuration
import Hashing
import OCI
import SystemPackage

/// What keeps the cache from doing what was asked; the command layer turns it into text, hint and exit code.
public enum CacheError: Error, Sendable {
    /// The lock was not had in time.
    case locked(path: FilePath, holder: Int32?, seconds: Double)
    /// There is no entry to load.
    case entryMissing(image: String, reason: String)
    /// The entry's files disagree, or its archive is damaged.
    case entryCorrupt(image: String, reason: String)
    /// A folder with files of its own stands where a file of the entry belongs.
    case placeTaken(image: String, folder: String)
    /// The image is for another platform than the entry.
    case foreignPlatform(verb: String, object: String, found: Platform, expected: Platform)
    /// The entry does not belong to the present inputs, and building is not allowed (`--frozen`).
    case entryStale(image: String, key: String)
    /// The engine has no such image to save.
    case imageNotInEngine(image: String, engine: String)
    /// The engine's image was built for another key.
    case savedForOtherKey(image: String, imageID: SHA256Digest, builtFor: SHA256Digest, key: SHA256Digest)
    /// The image built does not have the configuration that its inputs give, with and without the engine's step cache.
    case unexpectedConfiguration(image: String, differences: [String])
    /// The image's config holds the value of a secret argument.
    case secretInImage(image: String, secret: String, place: String)
    /// The image is declared with `cache: false`: it has no entry.
    case notCached(image: String)
    /// The entry is complete on disk, but Git's index could not be changed.
    case notStaged(image: String, StagingFailure)
    /// The command works on a repository and there is none.
    case needsRepository(verb: String, folder: FilePath)
    /// The configuration wants what its user does not trust it with, or not yet.
    case notTrusted([TrustQuestion])
    /// A declared image that others are made from could not be brought up to date.
    case baseFailed(image: String, base: String, any Error)
    /// A revision holds no entry of the image.
    case noEntryAtRevision(image: String, revision: String)
    /// The entry keeps no steps.
    case noSteps(image: String)
}
