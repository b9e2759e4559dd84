import Hashing
import SystemPackage

/// The context that the engine gets: exactly the files of the key, with fixed modes, owners and times (rule 42).
public struct CanonicalContext: Sendable {
    /// The fresh folder that holds all of this.
    let root: FilePath
    /// The folder with the files.
    public let directory: FilePath
    /// The image as it was staged: the key of its inputs is the one to record.
    public let image: DockerfileImage
}
