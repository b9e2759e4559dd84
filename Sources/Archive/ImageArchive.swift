import Glibc
import SystemCalls
import SystemPackage

/// An image archive on disk, of any form that docker, podman, buildah or skopeo write; nothing of it is believed.
///
/// https://github.com/moby/docker-image-spec and https://github.com/opencontainers/image-spec/blob/main/image-layout.md
public struct ImageArchive: Hashable, Sendable {
    /// Where the archive is.
    public let path: FilePath
    private let isGiven: Bool

    /// Names an archive; nothing is read yet.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isGiven: Whether the command line names it, so that it is opened whatever it is; one of the cache is a
    ///     regular file.
    public init(_ path: FilePath, isGiven: Bool = false) {
        self.path = path
        self.isGiven = isGiven
    }

    /// Opens the archive and finds its members.
    ///
    /// A compressed one is unpacked into a file without a name in the folder `spool` (the archive's own where none is
    /// given), unless it `mustBePlain`.
    func withIndex<Result>(
        spool: FilePath?, mustBePlain: Bool = false, _ body: (ArchiveIndex) throws -> Result
    ) throws(ArchiveError) -> Result {
        try ArchiveError.wrapping {
            let descriptor = try isGiven ? Files.open(path) : Files.openPlain(path)
            defer { try? descriptor.close() }
            if let index = try ArchiveIndex.scan(descriptor, named: path.string) { return try body(index) }
            // A pipe that the command line names is read once, from its start.
            if try FileStatus.of(descriptor).kind == .file {
                try checked("read", path.string) { lseek(descriptor.rawValue, 0, SEEK_SET) }
            }
            if mustBePlain {
                throw ArchiveError.corrupt(
                    path.string, "it is not in the canonical form: it is compressed or has holes")
            }
            let folder = spool ?? path.removingLastComponent()
            let temporary = try Files.createUnnamed(in: folder)
            defer { try? temporary.close() }
            let spooled = try ArchiveIndex.spool(descriptor, named: path.string, to: temporary)
            spooled.writer.sink.stopHashing()
            return try body(spooled.index)
        }
    }
}
