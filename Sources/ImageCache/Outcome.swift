import Hashing
import JSON
import OCI
import Records

/// What a command did about one image.
public struct Outcome: Sendable {
    /// The actions of `build`, `save`, `load` and `update`.
    public enum Action: String, Sendable {
        /// Nothing was to be done, and nothing was written.
        case current
        /// The entry was up to date; the engine lacked the image.
        case loaded
        /// An older entry of this key was found, in Git or by its object id.
        case restored
        /// The engine built the image.
        case built
        /// The engine's image was stored.
        case saved
    }

    /// The image.
    public let image: ImageName
    /// What was done.
    public let action: Action
    /// The key of the entry; nil where there is no entry.
    public let key: SHA256Digest?
    /// The digest of the image's config, else the engine's own; nil where it is not known.
    public let imageID: SHA256Digest?
    /// How long it took.
    public let duration: Duration
    /// Why something was done.
    public let reasons: [Reason]
    /// Bytes that the engine was sent.
    public internal(set) var bytesSent: Int64
    /// How many steps a build had, and how many of them were not run but taken over; nil where nothing was built.
    public internal(set) var steps: StepCount?
    /// Why the files could not be staged; nil where they were, or were not to be.
    public internal(set) var stagingFailure: StagingFailure?
    /// Bytes that were taken from the engine.
    public internal(set) var bytesRead: Int64 = 0
}

/// The steps of a build, as the builder's log counts them, those that name what a stage starts from left out.
public struct StepCount: Hashable, Sendable {
    /// All of them.
    public let total: Int
    /// Those that were not run, since the engine had what they make.
    public let reused: Int
}
