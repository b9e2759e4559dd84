import SystemCalls
import SystemPackage

/// The index: every tracked path with the stat data that proves a work tree file unchanged.
///
/// It is read straight from its file, in about the time that Git takes, and never refreshed or written.
public struct Index: Sendable {
    /// All entries, ordered by path bytes, then stage.
    public let entries: IndexEntries
    /// The status of the file that was read; nil where there was none.
    public let status: FileStatus?
    /// Whether the file was of a form that libgit2 cannot write (split, sparse, without checksum).
    public let needsGit: Bool

    /// Takes entries in order.
    init(entries: IndexEntries, status: FileStatus?, needsGit: Bool) {
        self.entries = entries
        self.status = status
        self.needsGit = needsGit
    }

    /// The merged entry of a path.
    public func entry(at path: RelativePath) -> IndexEntry? {
        let position = lowerBound(path.bytes)
        guard position < entries.count, entries.name(position).elementsEqual(path.bytes) else { return nil }
        let entry = entries[position]
        return entry.stage == 0 ? entry : nil
    }

    /// All stages of a path: one entry where it is merged, up to three where it is not.
    public func stages(of path: RelativePath) -> [IndexEntry] {
        let start = lowerBound(path.bytes)
        var end = start
        while end < entries.count, entries.name(end).elementsEqual(path.bytes) { end += 1 }
        return Array(entries[start..<end])
    }

    /// Whether a merge left a path unresolved.
    public func isUnmerged(_ path: RelativePath) -> Bool { stages(of: path).contains { $0.stage != 0 } }

    /// The entries below a folder, in order; all of them for the root.
    public func entries(below folder: RelativePath) -> Slice<IndexEntries> {
        if folder.bytes.isEmpty { return entries[...] }
        let start = lowerBound(folder.bytes + [UInt8(ascii: "/")])
        let end = lowerBound(folder.bytes + [UInt8(ascii: "/") + 1])
        return entries[start..<max(start, end)]
    }

    /// The paths that a merge left unresolved, each once.
    public var unmergedPaths: [RelativePath] {
        var paths: [RelativePath] = []
        for entry in entries where entry.stage != 0 && paths.last != entry.path { paths.append(entry.path) }
        return paths
    }

    /// Whether an entry's file was modified so late that its stat data prove nothing.
    ///
    /// That is so when the file's time is not strictly before the index file's; nanoseconds count where both have them.
    public func isRacy(_ entry: IndexEntry) -> Bool {
        guard let status else { return true }
        let written = status.modified
        let seconds = UInt32(truncatingIfNeeded: written.seconds)
        if entry.modified.seconds != seconds { return entry.modified.seconds > seconds }
        if entry.modified.nanoseconds == 0 || written.nanoseconds == 0 { return true }
        return Int64(entry.modified.nanoseconds) >= written.nanoseconds
    }

    /// Whether the stat data prove that the work tree's file holds the entry's content, with the entry's executable bit.
    ///
    /// - Parameters:
    ///   - entry: An entry of this index.
    ///   - file: What `lstat` says of the file now.
    ///   - trustsChangeTime: `core.trustctime`.
    ///   - trustsMode: `core.filemode`; where it is false, the index's bit is the truth.
    public func proves(
        _ entry: IndexEntry, _ file: FileStatus, trustsChangeTime: Bool = true, trustsMode: Bool = true
    ) -> Bool {
        guard entry.stage == 0, entry.isFile, file.kind == .file, entry.flags.isEmpty, !isRacy(entry) else {
            return false
        }
        // Git writes size 0 for what it has not looked at, and takes it as proof of the empty file only.
        return (file.size > 0 || entry.id == Self.emptyBlob)
            && Self.agrees(entry, file, trustsChangeTime: trustsChangeTime)
            && (!trustsMode || entry.isExecutable == file.isExecutable)
    }

    private static let emptyBlob = ObjectID(ofBlob: [])

    /// Whether size, times, inode and owner are as the entry has them.
    public static func agrees(_ entry: IndexEntry, _ file: FileStatus, trustsChangeTime: Bool = true) -> Bool {
        entry.size == UInt32(truncatingIfNeeded: file.size)
            && agrees(entry.modified, file.modified)
            && (!trustsChangeTime || agrees(entry.changed, file.changed))
            && entry.inode == UInt32(truncatingIfNeeded: file.inode)
            && entry.owner == file.owner && entry.group == file.group
    }

    private static func agrees(_ recorded: IndexEntry.Time, _ time: FileStatus.Time) -> Bool {
        recorded.seconds == UInt32(truncatingIfNeeded: time.seconds)
            && (recorded.nanoseconds == 0 || Int64(recorded.nanoseconds) == time.nanoseconds)
    }

    private func lowerBound(_ path: [UInt8]) -> Int {
        entries.lowerBound(path[...], in: entries.indices)
    }
}
