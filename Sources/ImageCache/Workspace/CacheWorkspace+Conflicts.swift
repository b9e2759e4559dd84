import Configuration
import Git
import LFS
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// The lock of base images, and whether the file on disk cannot be read: damaged, or with Git's conflict markers.
    ///
    /// Until `update` repairs it, the version that Git's index has counts, in a merge that of this branch.
    func baseLock(
        of image: ImageDeclaration
    ) throws -> (lock: BaseLock, isConflicted: Bool, complaint: InputsError?) {
        let path = paths(of: image).baseLock
        if let lock = try absentLock(path) { return (lock, false, nil) }
        do {
            let lock = try locks.value(of: path) { () throws(InputsError) in try BaseLock.read(path) }
            return (lock ?? BaseLock(), false, nil)
        } catch let error {
            guard error.kind == .conflictMarkers || error.kind == .damagedDocument else { throw error }
            let side = try sides(of: path).first.flatMap { try? BaseLock.read($0.bytes, named: path.string) }
            return (side ?? BaseLock(), true, error)
        }
    }

    /// The lock in Git's index, where a sparse checkout leaves the file out; nil where it does not.
    private func absentLock(_ path: FilePath) throws -> BaseLock? {
        guard let repository, !Files.exists(path),
            Files.exists(repository.gitDirectory.appending("info").appending("sparse-checkout")),
            let refusal = try InputsError.absence(
                of: path, in: repository, root: repository.workTree ?? configuration.root)
        else { return nil }
        guard let side = try sides(of: path).first else { throw refusal }
        return try BaseLock.read(side.bytes, named: path.string)
    }

    /// Resolves an entry that a merge left with two versions: the side whose record has the key of the merged inputs is
    /// taken whole; where neither has it, the lock of this branch stays and the entry is stale.
    ///
    /// Only to be called with the cache's lock held.
    ///
    /// - Returns: Whether files were changed.
    @discardableResult
    func resolveConflicts(of image: ImageDeclaration) throws -> Bool {
        let paths = paths(of: image)
        try clearPlaces(paths, of: image)
        let isConflicted = try baseLock(of: image).isConflicted
        let files = try entryFiles(paths, .decision)
        guard isConflicted || files.isConflicted else { return false }
        let locks = try sides(of: paths.baseLock)
        for record in try sides(of: paths.record) where record.stage != 0 {
            let lockBytes = locks.first { $0.stage == record.stage }?.bytes
            let lock =
                try lockBytes.map { try BaseLock.read($0, named: paths.baseLock.string) } ?? baseLock(of: image).lock
            guard let head = try? InputsRecord.read(record.bytes, named: paths.record.string, .all),
                head.key == (try inputs(of: image, lock: lock)).key, let provenance = head.provenance
            else { continue }
            events.note("taking the version of \(image.name) that belongs to the merged inputs")
            try take(head, lockBytes: lockBytes, pointer: pointer(for: provenance), paths: paths)
            return true
        }
        if isConflicted { try Files.replace(paths.baseLock, with: baseLock(of: image).lock.document) }
        return isConflicted
    }

    /// Removes empty folders in the places of the entry's files, such as docker makes for a mount source that is missing;
    /// refuses others before anything is built or written.
    private func clearPlaces(_ paths: EntryPaths, of image: ImageDeclaration) throws {
        for path in paths.all {
            guard try FileStatus.of(path)?.kind == .directory else { continue }
            guard try Files.names(in: path).isEmpty else {
                let shown = path.relative(to: configuration.repository ?? configuration.root)?.description
                throw CacheError.placeTaken(image: image.name.description, folder: shown ?? path.string)
            }
            try Files.removeEmptyFolder(path)
        }
    }

    /// Puts one side's small files in place, and its archive where the object is at hand, else the pointer to it.
    private func take(_ record: InputsRecord, lockBytes: [UInt8]?, pointer: Pointer, paths: EntryPaths) throws {
        var transaction = try EntryTransaction(paths)
        defer { transaction.rollBack() }
        if try EntryFiles.archive(at: paths.archive) != .file(size: pointer.size)
            || Pointer.of(paths.archive) != pointer
        {
            if let object = localObject(pointer.oid), configuration.git.worktree != .pointer {
                try Files.clone(object, to: transaction.temporary(for: paths.archive))
            } else {
                try transaction.write(pointer.encoded, to: paths.archive)
            }
        }
        try transaction.write(record.document, to: paths.record)
        try transaction.write(Array((record.md5 + "\n").utf8), to: paths.sidecar)
        if let lockBytes { try transaction.write(lockBytes, to: paths.baseLock) }
        try transaction.commit()
    }

    /// A version of a file in an unfinished merge.
    private struct Side {
        /// 2 for this branch, 3 for the other; 0 where there is no conflict.
        let stage: Int
        let bytes: [UInt8]
    }

    /// Both sides of a file in an unfinished merge, this branch's first; else the index's version.
    private func sides(of path: FilePath) throws -> [Side] {
        guard let repository, let relative = repository.relativePath(of: path) else { return [] }
        let stages = (try? repository.index())?.stages(of: relative) ?? []
        return try stages.filter { $0.stage != 1 }.compactMap { entry in
            try repository.blob(entry.id, limit: InputLimit.recordInHistory).map {
                Side(stage: Int(entry.stage), bytes: $0)
            }
        }
    }
}

extension EntryFiles {
    /// Whether the record or the sidecar holds Git's conflict markers.
    var isConflicted: Bool {
        if case .conflicted = record { return true }
        if case .conflicted = sidecar { return true }
        return false
    }
}
