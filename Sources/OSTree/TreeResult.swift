import Hashing
import SystemPackage

/// A root file system that was made, or found.
public struct TreeResult: Sendable {
    /// What the tree was made from.
    public enum Origin: Hashable, Sendable {
        /// The same root file system of an earlier build.
        case same
        /// An earlier root file system with fewer packages; `added` names those that were missing.
        case nearest(added: [String])
        /// The base tree and all extras.
        case base
    }

    /// How the base tree came about.
    public enum Chroot: Hashable, Sendable {
        /// It was not needed.
        case unused
        /// The snapshot has the right key.
        case hit
        /// It was made anew; why, in one line.
        case made(reason: String)
    }

    /// The tar of the tree: pax, sorted, without atime and ctime, owners as numbers.
    public var tar: FilePath
    /// The digest of the tar.
    public var sha256: SHA256Digest
    /// The bytes of the tar.
    public var size: Int64
    /// The keys of base and root file system, hex of SHA-256.
    public var baseKey: String
    /// The key of the whole root file system.
    public var rootfsKey: String
    /// What the tree was made from.
    public var origin: Origin
    /// How the base tree came about.
    public var chroot: Chroot
    /// Seconds of wall time by stage, in order.
    public var stages: [(name: String, seconds: Double)]
}
