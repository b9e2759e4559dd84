import Glibc
import SystemPackage

/// The room that a file system has left.
public struct DiskSpace: Hashable, Sendable {
    /// Bytes that this user may still write.
    public let available: Int64
    /// Files that may still be made; nil where the file system has no such number.
    public let files: Int64?
    /// Whether nothing can be written at all.
    public let isReadOnly: Bool
    /// Which file system it is.
    public let device: UInt64

    /// Describes a file system.
    public init(available: Int64, files: Int64? = nil, isReadOnly: Bool = false, device: UInt64 = 0) {
        self.available = available
        self.files = files
        self.isReadOnly = isReadOnly
        self.device = device
    }

    /// The file system that a path is on, or would be; nil where that cannot be told.
    public static func of(_ path: FilePath) -> DiskSpace? {
        var place = path
        while !Files.exists(place), place.removeLastComponent() {}
        var found = statvfs()
        guard place.withPlatformString({ statvfs($0, &found) }) == 0,
            let status = (try? FileStatus.of(place, followLinks: true)) ?? nil
        else { return nil }
        let bytes = UInt64(found.f_bavail).multipliedReportingOverflow(by: UInt64(found.f_frsize))
        return DiskSpace(
            available: bytes.overflow ? .max : Int64(clamping: bytes.partialValue),
            files: found.f_files == 0 ? nil : Int64(clamping: found.f_favail),
            isReadOnly: found.f_flag & 1 != 0, device: status.device)
    }
}
