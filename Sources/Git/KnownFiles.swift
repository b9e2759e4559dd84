import Synchronization
import SystemCalls
import SystemPackage

/// The small files of Git that a command has read: HEAD, references, configuration, rules of ignored files, attributes.
///
/// One for each look at a repository, shared by discovery and what follows.
final class KnownFiles: Sendable {
    private let files = Mutex(Remembered<[UInt8]>())

    /// The bytes of a file that Git follows links to; nil where there is none.
    ///
    /// A file above `limit` bytes is an error (`EFBIG`).
    func bytes(of path: FilePath, limit: Int = 16 << 20) throws(SystemError) -> [UInt8]? {
        try bytes(of: path, followLinks: true) { () throws(SystemError) in try Files.read(path, limit: limit) }
    }

    /// The bytes of a regular file; nil where nothing is there.
    ///
    /// A link, pipe, folder or device is an error.
    func plainBytes(of path: FilePath, limit: Int = 16 << 20) throws(SystemError) -> [UInt8]? {
        try bytes(of: path, followLinks: false) { () throws(SystemError) in try Files.readPlain(path, limit: limit) }
    }

    private func bytes(
        of path: FilePath, followLinks: Bool, _ read: () throws(SystemError) -> [UInt8]?
    ) throws(SystemError) -> [UInt8]? {
        try files.withLock { (files) throws(SystemError) in
            try files.value(of: path, followLinks: followLinks, read)
        }
    }
}
