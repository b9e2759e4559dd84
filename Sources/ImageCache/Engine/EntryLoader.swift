import Configuration
import Git
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

/// Puts images of entries into the engine; changes neither the work tree nor Git's index.
public struct EntryLoader {
    let repository: Repository?
    let store: EntryStore
    let objects: ObjectSource
    let inspector: EntryInspector
    let images: EngineImages
    let events: CacheEvents

    /// Puts the cached image into the engine.
    ///
    /// A stale entry is loaded with a warning; a missing one is `CacheError.entryMissing`, a damaged one `entryCorrupt`.
    ///
    /// A version that another command stores meanwhile is looked at anew.
    public func load(_ image: ImageDeclaration) async throws -> Outcome {
        let start = ContinuousClock.now
        let record = store.paths(of: image).record
        for _ in 0..<20 {
            let before = try FileStatus.of(record)
            do { return try await loadPresent(image, start: start) } catch {
                // The files of an entry get their names one after the other.
                try await Task.sleep(for: .milliseconds(20))
                if try FileStatus.of(record) == before { throw error }
            }
        }
        return try await loadPresent(image, start: start)
    }

    private func loadPresent(_ image: ImageDeclaration, start: ContinuousClock.Instant) async throws -> Outcome {
        try images.names.require(image)
        let inspection = try inspector.inspect(image)
        switch inspection.state {
        case .missing:
            throw CacheError.entryMissing(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "nothing is cached")
        case .corrupt:
            throw CacheError.entryCorrupt(
                image: image.name.description, reason: inspection.reasons.first?.description ?? "its files disagree")
        case .stale:
            let reason = inspection.reasons.first.map { ": \($0)" } ?? ""
            events.warning(
                "the entry of \(image.name) is stale\(reason)", "cache-image update \(image.name)")
        case .pointer, .fresh: return try await settle(inspection, start: start)
        }
        // Without an engine nothing is fetched.
        _ = try await images.source.engine()
        let sent = try await images.load(
            try await objects.archive(of: inspection), as: image.name, record: inspection.recorded)
        return Outcome(
            image: image.name, action: .loaded, key: inspection.recorded?.key,
            imageID: inspection.recorded?.provenance?.imageID, duration: .now - start, reasons: inspection.reasons,
            bytesSent: sent, stagingFailure: nil)
    }

    /// Makes sure that the engine holds the image of a usable entry under its name.
    func settle(_ inspection: EntryInspection, start: ContinuousClock.Instant) async throws -> Outcome {
        let name = inspection.image.name
        guard let provenance = inspection.recorded?.provenance else {
            throw CacheError.entryCorrupt(image: name.description, reason: "its record names no archive")
        }
        let holding = try await images.holding(provenance.imageID, as: name)
        var sent: Int64 = 0
        if holding == .absent {
            sent = try await images.load(
                try await objects.archive(of: inspection), as: name, record: inspection.recorded)
        }
        return Outcome(
            image: name, action: holding.action, key: inspection.inputs.key, imageID: provenance.imageID,
            duration: .now - start, reasons: [], bytesSent: sent, stagingFailure: nil)
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
        try images.names.require(image)
        let paths = store.paths(of: image)
        guard let repository else { throw CacheError.needsRepository(verb: "load --rev", folder: paths.folder) }
        guard let commit = try repository.commit(revision) else {
            throw GitError(.notFound, "find", "revision \(revision)", "there is no such commit")
        }
        let missing = CacheError.noEntryAtRevision(image: image.name.description, revision: revision)
        guard let archive = repository.relativePath(of: paths.archive),
            let recordPath = repository.relativePath(of: paths.record),
            let entry = try repository.entry(at: archive, in: commit),
            let pointer = try repository.pointer(inBlob: entry.id)
        else { throw missing }
        let record = try repository.entry(at: recordPath, in: commit).flatMap {
            try repository.blob($0.id, limit: InputLimit.recordInHistory)
        }.flatMap { try Self.recordOfToday($0, named: "\(paths.stem) in \(revision)") }
        let imageID = record?.provenance?.imageID
        if let imageID {
            let holding = try await images.holding(imageID, as: image.name)
            if holding != .absent {
                return Outcome(
                    image: image.name, action: holding.action, key: record?.key, imageID: imageID,
                    duration: .now - start, reasons: [], bytesSent: 0, stagingFailure: nil)
            }
        }
        _ = try await images.source.engine()
        let path = try await objects.object(pointer, of: image.name.description)
        let sent = try await images.load(path, as: image.name, record: record)
        return Outcome(
            image: image.name, action: .loaded, key: record?.key, imageID: imageID, duration: .now - start,
            reasons: [], bytesSent: sent, stagingFailure: nil)
    }
}
