import Hashing
import JSON
import OCI

/// A base image of some declared images: what the lock says of it, what the engine has, and what its registry says.
public struct BaseStatus: Sendable {
    /// How lock and engine stand to each other.
    public enum State: String, Sendable {
        /// The engine has the locked image.
        case locked
        /// The lock does not name it.
        case unlocked
        /// The engine has another image under this name.
        case moved
        /// The engine does not have it.
        case absent
    }

    /// How the registry stands to the lock; where the lock does not name the image, to the engine.
    public enum RegistryState: String, Sendable {
        /// The tag stands for the same image.
        case same
        /// The tag stands for another image.
        case moved
        /// Neither lock nor engine has an image to compare with.
        case unlocked
        /// The reference holds a digest, so nothing needs to be asked.
        case pinned
        /// The name (podman's `localhost/`) is of an image that was made on this machine.
        case local
        /// No answer came.
        case unreachable
        /// The registry answered, but does not say.
        case unknown
    }

    /// The reference in its full form.
    public let reference: ImageReference
    /// The platform.
    public let platform: Platform
    /// The locked content id; nil where the lock does not name the image.
    public let locked: SHA256Digest?
    /// The content id of the engine's image; nil where it has none.
    public let present: SHA256Digest?
    /// How they stand to each other.
    public let state: State
    /// The digest that the tag has on its registry; nil where nobody was asked, or did not say.
    public var registry: SHA256Digest?
    /// How the registry stands to the lock; nil where nobody was asked.
    public var registryState: RegistryState?
    /// Why the registry did not say, or the engine could not pull.
    public var failure: (any Error)?

    /// The object of `--json`.
    public var json: JSONValue {
        [
            "reference": .string(reference.description), "platform": .string(platform.description),
            "locked": locked.map { .string($0.hexadecimal) } ?? .null,
            "present": present.map { .string($0.hexadecimal) } ?? .null,
            "state": .string(state.rawValue), "registry": registry.map { .string($0.description) } ?? .null,
            "registryState": registryState.map { .string($0.rawValue) } ?? .null,
        ]
    }
}
