import Configuration
import Git
import LFS
import Records
import SystemCalls

/// A version of an entry in Git's history.
public struct EntryVersion: Sendable {
    /// The commit that brought it.
    public let commit: Commit
    /// The record, all of it but the files.
    public let record: InputsRecord
    /// The pointer to the archive; nil where the commit holds no pointer.
    public let pointer: Pointer?
    /// Whether the archive's object is on this machine.
    public let isLocal: Bool
    /// Why it was made: its differences to the version before; empty for the first.
    public let reasons: [Reason]
}

/// What Git knows of older entries.
public struct EntryHistory {
    let repository: Repository?
    let store: EntryStore

    /// The versions of an image's entry in the history of HEAD, newest first.
    public func versions(of image: ImageDeclaration, limit: Int = .max) throws -> [EntryVersion] {
        let paths = store.paths(of: image)
        guard let repository else {
            throw CacheError.needsRepository(verb: "read the history", folder: paths.folder)
        }
        guard let record = repository.relativePath(of: paths.record),
            let archive = repository.relativePath(of: paths.archive), let head = try repository.head()
        else { return [] }
        let objects = try ObjectStore(repository)
        let commits = try repository.history(of: [record, archive], from: [head], limit: limit)
        var versions: [EntryVersion] = []
        // The files of two versions are in memory at once, whatever the number of versions.
        var newer: Found?
        for entry in commits {
            guard let blob = entry.entries[0]?.id,
                let bytes = try repository.blob(blob, limit: InputLimit.recordInHistory),
                let record = try? InputsRecord.read(bytes, named: "\(paths.stem) in \(entry.commit.id)", .all)
            else { continue }
            let pointer = try entry.entries[1].flatMap { try repository.pointer(inBlob: $0.id) }
            let found = Found(commit: entry.commit, record: record, pointer: pointer)
            if let newer, newer.record.key != record.key || newer.pointer != pointer {
                versions.append(newer.version(since: record, objects))
            }
            newer = found
        }
        if let newer { versions.append(newer.version(since: nil, objects)) }
        return versions
    }

    /// A version as a commit has it, the files of its record included.
    private struct Found {
        let commit: Commit
        let record: InputsRecord
        let pointer: Pointer?

        /// The version, compared with the record of the one before.
        func version(since older: InputsRecord?, _ objects: ObjectStore) -> EntryVersion {
            EntryVersion(
                commit: commit, record: record.withoutFiles, pointer: pointer,
                isLocal: pointer.map { objects.holds($0) } ?? false,
                reasons: older.map { record.reasons(since: $0) } ?? [])
        }
    }

    /// Bytes of a file whose differences are shown at most.
    private static let differenceLimit = 1 << 20

    /// How a changed text file differs from its recorded version, as far as that is in Git; a unified diff's lines.
    public func difference(for reason: Reason, in inspection: EntryInspection) throws -> [String] {
        guard let repository, let text = reason.path,
            reason.name == .fileContentChanged || reason.name == .fileEOLOnly || reason.name == .fileRenamed,
            let record = try store.shelf.record(at: inspection.paths.record, .all)
        else { return [] }
        let path = RelativePath(percentEncoded: text)
        let oldPath = reason.name == .fileRenamed ? reason.old.map { RelativePath(percentEncoded: $0) } ?? path : path
        let file = inspection.inputs.request.context.appending(path)
        guard let blob = record.files[oldPath]?.blob, try repository.contains(blob),
            let status = try FileStatus.of(file), status.kind == .file, status.size <= Self.differenceLimit,
            try repository.blobSize(blob) ?? 0 <= Self.differenceLimit, let bytes = try Files.readPlain(file)
        else { return [] }
        return try repository.difference(from: blob, to: bytes, path: path)
    }
}
