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
    public let bytesSent: Int64
    /// Why the files could not be staged; nil where they were, or were not to be.
    public internal(set) var stagingFailure: StagingFailure?
    /// Bytes that were taken from the engine.
    public internal(set) var bytesRead: Int64 = 0
}
