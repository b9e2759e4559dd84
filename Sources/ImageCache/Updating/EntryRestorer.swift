import Git
import LFS
import Records
import SystemCalls
import SystemPackage

/// Brings back older entries of a key, without a build.
struct EntryRestorer {
    let repository: Repository?
    let versions: RecordVersions
    let store: EntryStore
    let staging: EntryStaging
    let objects: ObjectSource
    let images: EngineImages
    let events: CacheEvents

    /// Brings back an entry of the present key, and loads it: the archive that the record names, or an entry of this key
    /// on a branch, a tag or in a recent commit.
    ///
    /// - Parameters:
    ///   - inspection: The entry as it is.
    ///   - start: When the command started.
    ///   - isDamaged: Whether the archive in the work tree is known to be damaged.
    /// - Returns: nil where there is no such entry, or its object cannot be had.
    func restore(
        _ inspection: EntryInspection, start: ContinuousClock.Instant, isDamaged: Bool
    ) async throws -> Outcome? {
        var tried: Set<Pointer> = []
        for candidate in try candidates(inspection) {
            guard let pointer = candidate.record.provenance?.pointer, tried.insert(pointer).inserted else { continue }
            let name = inspection.image.name.description
            var source: FilePath?
            if !isDamaged, try inspection.archive.holds(pointer, store.digests) {
                source = inspection.paths.archive
            } else {
                source = try await objects.sound(pointer, of: name)
            }
            guard let source else {
                events.detail("an entry of this key was found \(candidate.place), but not its object")
                continue
            }
            events.note("restoring \(name) \(candidate.place)")
            return try await restore(candidate.record, pointer, from: source, over: inspection, start: start)
        }
        return nil
    }

    /// Writes a restored entry, stages it and loads it.
    private func restore(
        _ record: InputsRecord, _ pointer: Pointer, from source: FilePath, over inspection: EntryInspection,
        start: ContinuousClock.Instant
    ) async throws -> Outcome {
        let (paths, name) = (inspection.paths, inspection.image.name)
        if staging.stages(paths) { try objects.keep(pointer, from: source) }
        let archive: Entry.File =
            source == paths.archive
            ? .asItIs : staging.leavesPointer(paths) ? .pointer(pointer) : .copy(of: source)
        let steps = try objects.stepsFile(
            of: record.provenance, at: paths, leavesPointer: staging.leavesPointer(paths), store.digests)
        try store.write(Entry(archive: archive, steps: steps, record: record), to: paths)
        let failure = try await staging.stage(paths, record.provenance)
        let imageID = record.provenance?.imageID
        var holding = EngineImages.Holding.absent
        if let imageID { holding = try await images.holding(imageID, as: name) }
        var sent: Int64 = 0
        if holding == .absent { sent = try await images.load(source, as: name, record: record) }
        return Outcome(
            image: name, action: .restored, key: inspection.inputs.key, imageID: imageID,
            duration: .now - start, reasons: inspection.reasons, bytesSent: sent, stagingFailure: failure)
    }

    /// An entry of the present key that exists somewhere.
    private struct Candidate {
        let record: InputsRecord
        /// Where it was found, for messages: `from commit 1a2b3c4`.
        let place: String
    }

    /// The entries of the present key: the work tree's own record first, then those in Git.
    private func candidates(_ inspection: EntryInspection) throws -> [Candidate] {
        var found: [Candidate] = []
        if inspection.hasPresentKey, let record = try store.shelf.record(at: inspection.paths.record, .all) {
            found.append(Candidate(record: record, place: "from its object"))
        }
        guard let repository, let path = repository.relativePath(of: inspection.paths.record) else { return found }
        for version in try versions.all(of: path) {
            guard let bytes = try? repository.blob(version.blob, limit: InputLimit.recordInHistory) ?? nil,
                let head = try? InputsRecord.read(bytes, named: version.place, .decision),
                head.key == inspection.inputs.key,
                let record = try? InputsRecord.read(bytes, named: version.place, .all)
            else { continue }
            found.append(Candidate(record: record, place: version.place))
        }
        return found
    }
}
