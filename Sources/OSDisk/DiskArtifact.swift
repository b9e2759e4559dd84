import Hashing
import OSTemplate
import SystemPackage

/// A file that was made of a root file system.
public struct DiskArtifact: Hashable, Sendable {
    /// What was asked for.
    public let artifact: DiskConfig.Artifact
    /// Where it is.
    public let path: FilePath
    /// Its size in bytes.
    public let size: Int64
    /// Its digest.
    public let sha256: SHA256Digest

    /// Describes a file.
    public init(artifact: DiskConfig.Artifact, path: FilePath, size: Int64, sha256: SHA256Digest) {
        self.artifact = artifact
        self.path = path
        self.size = size
        self.sha256 = sha256
    }
}
