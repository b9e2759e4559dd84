import Hashing
import SystemPackage

/// The context that the engine gets: exactly the files of the key, with fixed modes, owners and times (rule 42).
public struct CanonicalContext: Sendable {
    /// The fresh folder that holds all of this.
    let root: FilePath
    /// The folder with the files.
    public let directory: FilePath
    /// The inputs as they were staged: their key is the one to record.
    public let inputs: ImageInputs
}
