import Glibc
import SystemPackage

/// Whom files below a folder belong to, looked at without following links and without leaving the file system.
public struct FileOwners: Sendable {
    /// The folder.
    public let folder: FilePath
    /// Whom all of it is to belong to.
    public let owner: UInt32
    /// The group of that owner.
    public let group: UInt32
    /// Only what was changed since then counts.
    public let start: FileStatus.Time

    private static let deepest = 200
    /// The most files that are told.
    private static let most = 10_000

    /// What was found below a folder.
    public struct Found: Sendable {
        /// What belongs to others, relative to the folder; `.` is the folder itself.
        public var paths: [FilePath] = []
        /// How many of these could not be given away.
        public var failures = 0
    }

    /// Names a folder.
    public init(_ folder: FilePath, owner: UInt32, group: UInt32, since start: FileStatus.Time) {
        (self.folder, self.owner, self.group, self.start) = (folder, owner, group, start)
    }

    /// The files that belong to others.
    public func foreign() -> Found { walk(givesAway: false) }

    /// Gives these files to the owner, which only root may do.
    ///
    /// Each is named by its folder's descriptor, so that a link that is put in the place of a folder meanwhile leads nowhere. A
    /// file with two names stays what it is: the other name may be anywhere.
    public func giveAway() -> Found { walk(givesAway: true) }

    private func walk(givesAway: Bool) -> Found {
        var found = Found()
        guard let descriptor = try? Files.openFolder(folder) else { return found }
        defer { try? descriptor.close() }
        guard let status = try? FileStatus.of(descriptor) else { return found }
        look(into: descriptor.rawValue, FilePath(), status.device, 0, givesAway, &found)
        return found
    }

    private func look(
        into folder: Int32, _ place: FilePath, _ device: UInt64, _ depth: Int, _ givesAway: Bool, _ found: inout Found
    ) {
        // The stream closes what it is given.
        let copy = dup(folder)
        guard copy >= 0 else { return }
        guard depth < Self.deepest, let stream = fdopendir(copy) else {
            close(copy)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream), found.paths.count < Self.most {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath(platformString: $0) }
            }
            guard let component = name.lastComponent, component.kind == .regular else { continue }
            var status = stat()
            let isKnown = component.withPlatformString { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
            if !isKnown { continue }
            let file = FileStatus(status)
            if file.device != device { continue }
            consider(component, in: folder, place, file, givesAway, &found)
            guard file.kind == .directory else { continue }
            let inner = component.withPlatformString { Files.openFolder($0, in: folder) }
            if inner < 0 { continue }
            look(into: inner, place.appending(component), device, depth + 1, givesAway, &found)
            close(inner)
        }
    }

    private func consider(
        _ name: FilePath.Component, in folder: Int32, _ place: FilePath, _ file: FileStatus, _ givesAway: Bool,
        _ found: inout Found
    ) {
        if file.owner == owner || file.changed < start { return }
        if file.kind != .directory, file.linkCount > 1 { return }
        found.paths.append(place.appending(name))
        if !givesAway { return }
        let isGiven = name.withPlatformString { fchownat(folder, $0, owner, group, AT_SYMLINK_NOFOLLOW) } == 0
        if !isGiven { found.failures += 1 }
    }
}
