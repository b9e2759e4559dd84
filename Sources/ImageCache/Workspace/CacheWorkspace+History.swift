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

extension CacheWorkspace {
    /// The versions of an image's entry in the history of HEAD, newest first.
    public func history(_ image: ImageDeclaration, limit: Int = .max) throws -> [EntryVersion] {
        guard let repository else { throw CacheError.needsRepository(verb: "read the history", folder: folder) }
        let paths = paths(of: image)
        guard let record = repository.relativePath(of: paths.record),
            let archive = repository.relativePath(of: paths.archive), let head = try repository.head()
        else { return [] }
        let store = try ObjectStore(repository)
        let commits = try repository.history(of: [record, archive], from: [head], limit: limit)
        var records: [(HistoryEntry, InputsRecord, Pointer?)] = []
        for entry in commits {
            guard let blob = entry.entries[0]?.id,
                let bytes = try repository.blob(blob, limit: InputLimit.recordInHistory),
                let record = try? InputsRecord.read(bytes, named: "\(paths.stem) in \(entry.commit.id)", .all)
            else { continue }
            let pointer = try entry.entries[1].flatMap { try repository.pointer(inBlob: $0.id) }
            if let last = records.last, last.1.key == record.key, last.2 == pointer { records.removeLast() }
            records.append((entry, record, pointer))
        }
        return records.enumerated().map { index, version in
            let older = index + 1 < records.count ? records[index + 1].1 : nil
            return EntryVersion(
                commit: version.0.commit, record: version.1, pointer: version.2,
                isLocal: version.2.map { store.holds($0) } ?? false,
                reasons: older.map { version.1.reasons(since: $0) } ?? [])
        }
    }

    /// The first part of a record; nil where an older program wrote it, whose entry is judged by its archive alone.
    private static func recordOfToday(_ bytes: [UInt8], named name: String) throws(InputsError) -> InputsRecord? {
        do throws(InputsError) { return try InputsRecord.read(bytes, named: name, .decision) } catch {
            if case .olderAlgorithm = error.kind { return nil }
            throw error
        }
    }

    /// Puts the image of an entry as of a commit into the engine, under its name.
    public func load(_ image: ImageDeclaration, revision: String) async throws -> Outcome {
        let start = ContinuousClock.now
        try requireName(of: image)
        guard let repository else { throw CacheError.needsRepository(verb: "load --rev", folder: folder) }
        guard let commit = try repository.commit(revision) else {
            throw GitError(.notFound, "find", "revision \(revision)", "there is no such commit")
        }
        let paths = paths(of: image)
        let missing = CacheError.noEntryAtRevision(image: image.name.description, revision: revision)
        guard let archive = repository.relativePath(of: paths.archive),
            let recordPath = repository.relativePath(of: paths.record),
            let entry = try repository.entry(at: archive, in: commit),
            let pointer = try repository.pointer(inBlob: entry.id)
        else { throw missing }
        let record = try repository.entry(at: recordPath, in: commit).flatMap {
            try repository.blob($0.id, limit: InputLimit.recordInHistory)
        }.flatMap { try Self.recordOfToday($0, named: "\(paths.stem) in \(revision)") }
        let engine = try await engine()
        let imageID = record?.provenance?.imageID
        if let imageID {
            let holding = try await holding(imageID, as: image.name, in: engine)
            if holding != .absent {
                return Outcome(
                    image: image.name, action: holding == .named ? .current : .loaded, key: record?.key,
                    imageID: imageID, duration: .now - start, reasons: [], bytesSent: 0, stagingFailure: nil)
            }
        }
        let path = try await object(pointer, of: image.name.description)
        let sent = try await load(path, as: image.name, record: record, into: engine)
        return Outcome(
            image: image.name, action: .loaded, key: record?.key, imageID: imageID, duration: .now - start,
            reasons: [], bytesSent: sent, stagingFailure: nil)
    }
}
