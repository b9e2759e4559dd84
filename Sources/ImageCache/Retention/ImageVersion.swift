import Git
import LFS
import SystemCalls

/// A version of an image on this machine: an LFS object that the history of the cache folder names.
public struct ImageVersion: Hashable, Sendable {
    /// Whether a server could give the object back.
    public enum Server: Hashable, Sendable {
        /// No branch of a remote leads to it: it may be nowhere else.
        case notPushed
        /// Branches of these remotes lead to it, and nothing says that their servers have it.
        case unproven([String])
        /// The servers were asked, and do not have it.
        case lacking
        /// The server of this remote has it.
        case holding(String)

        /// Whether one is known to have it.
        var isHolding: Bool { if case .holding = self { true } else { false } }
    }

    /// The file that holds it, below the root: `docker-cache/NAME-TAG.tar`.
    public let path: RelativePath
    /// The object.
    public let pointer: Pointer
    /// When it came to this machine or was used last, in seconds since 1970.
    public let lastUse: Int64
    /// Its place in the history, 0 for the newest.
    public let order: Int
    /// What needs it here; nil where nothing does.
    let need: ObjectNeed?
    /// Whether it can be had again.
    public internal(set) var server: Server

    init(
        path: RelativePath, pointer: Pointer, lastUse: Int64, order: Int, need: ObjectNeed? = nil, server: Server
    ) {
        self.path = path
        self.pointer = pointer
        self.lastUse = lastUse
        self.order = order
        self.need = need
        self.server = server
    }
}
