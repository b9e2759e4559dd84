import Glibc
import SystemPackage

/// What `lstat` says of a file.
public struct FileStatus: Hashable, Sendable {
    /// The kind of a file.
    public enum Kind: Hashable, Sendable {
        case file, directory, symbolicLink, fifo, socket, characterDevice, blockDevice, unknown
    }

    /// A point in time: seconds since 1970 and nanoseconds.
    public struct Time: Hashable, Comparable, Sendable {
        /// Whole seconds since 1970-01-01T00:00:00Z.
        public var seconds: Int64
        /// Nanoseconds, 0 to 999,999,999.
        public var nanoseconds: Int64

        /// Makes a time of its two parts.
        public init(seconds: Int64, nanoseconds: Int64) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// Orders by seconds, then nanoseconds.
        public static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }

        /// The clock's time now.
        public static var now: Time {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Time(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
        }
    }

    /// What the path names.
    public let kind: Kind
    /// The permission bits, with set-uid, set-gid and sticky.
    public let permissions: UInt32
    /// Bytes of a file; the length of a link's text.
    public let size: Int64
    /// The device number.
    public let device: UInt64
    /// The inode number.
    public let inode: UInt64
    /// The owner's number.
    public let owner: UInt32
    /// The group's number.
    public let group: UInt32
    /// How many names the inode has.
    public let linkCount: UInt64
    /// When the content changed last.
    public let modified: Time
    /// When content or metadata changed last.
    public let changed: Time

    /// Reads a file's status from the system's structure.
    public init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        case S_IFCHR: kind = .characterDevice
        case S_IFBLK: kind = .blockDevice
        default: kind = .unknown
        }
        permissions = UInt32(status.st_mode & 0o7777)
        size = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        owner = status.st_uid
        group = status.st_gid
        linkCount = UInt64(status.st_nlink)
        modified = Time(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
        changed = Time(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int64(status.st_ctim.tv_nsec))
    }

    /// Whether the owner may execute the file.
    public var isExecutable: Bool { permissions & 0o100 != 0 }

    /// The status of `path`, links not followed unless asked; nil where nothing is there.
    public static func of(_ path: FilePath, followLinks: Bool = false) throws(SystemError) -> FileStatus? {
        var status = stat()
        do {
            try checked("examine", path.string) {
                path.withPlatformString { followLinks ? stat($0, &status) : lstat($0, &status) }
            }
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        return FileStatus(status)
    }

    /// The status of an open file.
    public static func of(_ descriptor: FileDescriptor) throws(SystemError) -> FileStatus {
        var status = stat()
        try checked("examine", "an open file") { fstat(descriptor.rawValue, &status) }
        return FileStatus(status)
    }
}
