import CGit2
import Glibc
import SystemCalls
import SystemPackage

extension Repository {
    /// How long to wait for another process's `index.lock`, in milliseconds.
    private static let patience = 10_000

    /// Changes the index through libgit2, again while another process holds its lock.
    func stageByLibrary(_ updates: [IndexUpdate], removing removed: [RelativePath]) throws {
        var waited = 0
        var pause = 10
        while true {
            do {
                return try writeIndex(updates, removing: removed)
            } catch let error as GitError where error.kind == .locked {
                if waited >= Self.patience {
                    throw GitError(
                        .notStaged, "stage", "files", "another process holds \(indexPath.string).lock",
                        hint: "remove that file if no git process is running, then run the command again")
                }
            } catch let error as GitError where error.kind == .failed {
                throw GitError(.notStaged, error.operation, error.object, error.reason)
            } catch let error as SystemError {
                throw GitError(.notStaged, error.operation, error.object, error.reason)
            }
            usleep(UInt32(pause) * 1000)
            waited += pause
            pause = min(pause * 2, 500)
        }
    }

    /// The files of the lock on the index that a command of ours left when it was killed.
    public var abandonedLock: [FilePath] { IndexLock.abandoned(of: indexPath) }

    /// Removes the lock on the index that a command of ours left when it was killed; that of another program stays.
    public func removeAbandonedLock() {
        IndexLock.removeAbandoned(of: indexPath)
    }

    /// Writes the index while holding Git's lock on it, so that what another program stages meanwhile is not lost.
    private func writeIndex(_ updates: [IndexUpdate], removing removed: [RelativePath]) throws {
        if indexPath.isEmpty { throw GitError(.notStaged, "stage", "files", "GIT_INDEX_FILE is empty") }
        let lock = try sharedPermission.creating { try IndexLock.take(indexPath) }
        defer { lock?.release() }
        try write(updates, removing: removed, to: lock?.draft ?? indexPath)
        try lock?.commit(to: indexPath)
    }

    /// Writes the changed index into a file that holds the present one.
    private func write(_ updates: [IndexUpdate], removing removed: [RelativePath], to file: FilePath) throws {
        let name = indexPath.string
        let repository = try handle()
        guard
            let handle = try Handle.open(
                "open", "index \(name)", free: git_index_free,
                { pointer in file.withPlatformString { git_index_open(&pointer, $0) } })
        else { throw GitError(.notFound, "open", "index \(name)", LibGit2.lastMessage) }
        try LibGit2.check("open", "index \(name)", git_repository_set_index(repository, handle.pointer))
        let before = try index()
        for path in removed { try Self.remove(path, from: handle.pointer) }
        for update in updates {
            try Self.remove(update.path, from: handle.pointer)
            try Self.add(update, to: handle.pointer)
        }
        try keepLargeFiles(of: before, in: handle.pointer, except: Set(updates.map(\.path) + removed))
        guard try FileStatus.of(indexPath) == before.status else {
            throw GitError(.locked, "write", "index \(name)", "another process changed it")
        }
        let result = sharedPermission.creating { git_index_write(handle.pointer) }
        try LibGit2.check("write", "index \(name)", result)
    }

    /// Takes a path out, all stages of it.
    private static func remove(_ path: RelativePath, from index: OpaquePointer) throws(GitError) {
        let text = path.bytes.map { CChar(bitPattern: $0) }
        for stage in Int32(0)...3 {
            _ = try LibGit2.find("stage", path.description, text.withTerminator { git_index_remove(index, $0, stage) })
        }
    }

    private static func add(_ update: IndexUpdate, to index: OpaquePointer) throws(GitError) {
        var entry = git_index_entry()
        let status = update.status
        entry.ctime = time(status.changed)
        entry.mtime = time(status.modified)
        entry.dev = UInt32(truncatingIfNeeded: status.device)
        entry.ino = UInt32(truncatingIfNeeded: status.inode)
        entry.uid = status.owner
        entry.gid = status.group
        entry.mode = update.mode
        entry.file_size = UInt32(truncatingIfNeeded: status.size)
        entry.id = update.id.oid
        // So that the library does not compare the work tree's bytes with the pointer's.
        entry.flags_extended = UInt16(GIT_INDEX_ENTRY_UPTODATE.rawValue)
        let result = update.path.bytes.map { CChar(bitPattern: $0) }.withTerminator {
            entry.path = $0
            return git_index_add(index, &entry)
        }
        try LibGit2.check("stage", update.path.description, result)
    }

    private static func time(_ time: FileStatus.Time) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.seconds), nanoseconds: UInt32(truncatingIfNeeded: time.nanoseconds))
    }

    /// Marks the LFS entries that are as young as the index as up to date.
    ///
    /// The library would read each of them whole while it writes, and set their sizes to 0 where no filter is
    /// registered; an index restored with an old date makes all files look young.
    private func keepLargeFiles(
        of before: Index, in index: OpaquePointer, except handled: Set<RelativePath>
    ) throws {
        guard let written = before.status?.modified.seconds else { return }
        let attributes = try attributes(["filter"], index: before)
        for entry in before.entries
        where Int64(entry.modified.seconds) >= written - 1 && entry.stage == 0 && entry.isFile
            && !handled.contains(entry.path)
        {
            guard try attributes.value(of: "filter", for: entry.path) == .value("lfs") else { continue }
            let text = entry.path.bytes.map { CChar(bitPattern: $0) }
            guard let found = text.withTerminator({ git_index_get_bypath(index, $0, 0) }) else { continue }
            var copy = found.pointee
            copy.flags_extended |= UInt16(GIT_INDEX_ENTRY_UPTODATE.rawValue)
            try LibGit2.check("stage", entry.path.description, git_index_add(index, &copy))
        }
    }
}
