import Archive
import Configuration
import Context
import Engines
import Git
import OCI
import Records
import SystemCalls
import SystemPackage

/// Stores images as entries: the archive, what it was made of, and where it came from; what is unchanged is not written.
struct EntrySaver {
    let repository: Repository?
    let store: EntryStore
    let staging: EntryStaging
    let objects: ObjectSource
    let lockFile: BaseLockFile
    let notebook: ImageNotebook
    let secrets: SecretSearch
    let keeper: StepKeeper
    /// A folder for files of short life.
    let scratch: FilePath
    let events: CacheEvents

    /// An image that is to become an entry.
    struct Source {
        /// What the image was made of.
        var inputs: ImageInputs
        /// How it came to be.
        var origin: Provenance.Origin
        /// How long the build took; nil where there was none.
        var buildTime: Duration?
        /// The lock of base images after a build; nil leaves it alone.
        var lock: BaseLock?
        /// What the build left for rebuilds; nil where there was none.
        var steps: StepMaterial?
    }

    /// Streams an image from the engine into its entry, and stages it.
    ///
    /// - Parameters:
    ///   - held: The engine's image.
    ///   - engine: The engine.
    ///   - source: What is known of the image.
    ///   - inspection: The entry as it was.
    ///   - start: When the command started.
    func store(
        _ held: EngineImage, from engine: Engine, _ source: Source, over inspection: EntryInspection,
        start: ContinuousClock.Instant
    ) async throws -> Outcome {
        let before = try objects.atHand(inspection)
        var transaction = try EntryTransaction(inspection.paths)
        defer { transaction.rollBack() }
        let plan = try await keeper.plan(source.steps, of: inspection.image, for: held, in: engine)
        let unchanged = try before.flatMap { try self.unchanged($0, held, inspection) }
        let (path, saved): (FilePath, SaveResult)
        var twin: FilePath?
        defer { if let twin { _ = try? Files.remove(twin) } }
        if let before, let unchanged {
            (path, saved) = (before, SaveResult(archive: unchanged, bytesRead: 0))
        } else {
            path = transaction.temporary(for: inspection.paths.archive)
            var request = SaveRequest(held, as: inspection.image.name, to: path)
            (request.predecessor, request.scratch) = (before, scratch)
            request.alongside = plan?.unread ?? []
            // A second file is written with the first where it would be copied later.
            let isCopied = staging.stages(inspection.paths) && !staging.leavesPointer(inspection.paths)
            twin = isCopied ? try objects.twin(of: path) : nil
            request.twin = twin
            let title = "saving \(inspection.image.name)"
            saved = try await engine.save(request) { [events] in
                events.progress(.init(title: title, completed: $0, total: held.size))
            }
            events.progress(nil)
        }
        let archive = saved.archive
        var provenance = try provenance(of: archive, source, engine: try await engine.version())
        provenance.steps = try await keeper.write(
            plan, of: inspection.image, beside: archive, at: path,
            to: transaction.temporary(for: inspection.paths.steps),
            from: engine)
        notebook.note(image: archive.imageID, engineID: held.digest, in: engine, key: source.inputs.key)
        var outcome = try await write(
            archive, at: path, twin: twin, isNew: unchanged == nil, provenance, source, over: inspection,
            in: &transaction, start: start)
        outcome.bytesRead = saved.bytesRead
        return outcome
    }

    /// The entry's archive, where it holds the engine's image; nil where the engine has to be asked for it.
    ///
    /// Every byte of it is read.
    private func unchanged(
        _ path: FilePath, _ held: EngineImage, _ inspection: EntryInspection
    ) throws -> CanonicalArchive? {
        guard let provenance = inspection.recorded?.provenance, provenance.imageID == held.configDigest,
            let file = try? CanonicalFile(path, expecting: provenance.imageID)
        else { return nil }
        defer { file.close() }
        guard file.names == [inspection.image.name.description],
            try store.digests.pointer(of: path) == provenance.pointer
        else { return nil }
        return file.archive(digest: provenance.archiveDigest)
    }

    /// Makes an archive that stands at a temporary path an entry, and stages it.
    func store(
        _ archive: CanonicalArchive, at temporary: FilePath, _ source: Source, over inspection: EntryInspection,
        in transaction: inout EntryTransaction, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        try await write(
            archive, at: temporary, try provenance(of: archive, source), source, over: inspection, in: &transaction,
            start: start)
    }

    private func provenance(
        of archive: CanonicalArchive, _ source: Source, engine: String? = nil
    ) throws -> Provenance {
        Provenance(
            imageID: archive.imageID, archiveDigest: archive.digest, archiveSize: Size(archive.size),
            layers: archive.layers.map { .init(digest: $0.digest, size: Size($0.size)) }, origin: source.origin,
            engine: engine, buildSeconds: source.buildTime.map(Self.seconds),
            commit: try repository?.head()?.hexadecimal)
    }

    /// Whether the steps that an entry names are here: the file or its pointer, and the object that a push needs.
    private func holdsSteps(of provenance: Provenance, at paths: EntryPaths) throws -> Bool {
        guard let pointer = provenance.stepsPointer else { return true }
        if staging.stages(paths), try !objects.holds(pointer) { return false }
        return try ArchiveForm.at(paths.steps).stands(for: pointer, store.digests)
    }

    /// Commits an entry whose archive stands at a path, a temporary one where it is new, and stages it.
    ///
    /// With the same key and the same image as before, files that are there and sound are not touched.
    private func write(
        _ archive: CanonicalArchive, at path: FilePath, twin: FilePath? = nil, isNew: Bool = true,
        _ provenance: Provenance, _ source: Source, over inspection: EntryInspection,
        in transaction: inout EntryTransaction, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        try secrets.refuse(inspection.image, in: archive.config)
        let (paths, inputs) = (inspection.paths, source.inputs)
        warnOfLineEnds(inputs, of: inspection.image)
        func outcome(_ action: Outcome.Action, _ failure: StagingFailure?) -> Outcome {
            Outcome(
                image: inspection.image.name, action: action, key: inputs.key, imageID: provenance.imageID,
                duration: .now - start, reasons: inspection.reasons, bytesSent: 0, stagingFailure: failure)
        }
        let before = inspection.recorded
        let isSameImage =
            before?.provenance?.imageID == provenance.imageID
            && before?.provenance?.archiveDigest == provenance.archiveDigest
        let lock = try source.lock.flatMap { try lockFile.change(to: $0) }
        // Whoever stores an image stores it sound: an archive of the right size may be damaged.
        let keepsArchive = try isSameImage && inspection.archive.stands(for: provenance.pointer, store.digests)
        // An image that was not built here says nothing of steps that were kept.
        let saysNothing = provenance.steps == nil && isSameImage && source.steps?.mode != ImageDeclaration.Steps.none
        let keepsSteps =
            try saysNothing || provenance.steps == before?.provenance?.steps && holdsSteps(of: provenance, at: paths)
        if keepsArchive, keepsSteps, inspection.state.isUsable, before?.key == inputs.key, lock == nil {
            transaction.drop(paths.archive)
            transaction.drop(paths.steps)
            return outcome(.current, try await staging.complete(inspection))
        }
        var record = inputs.fullRecord(repository: repository)
        record.provenance = provenance
        if keepsArchive, before?.key == inputs.key, let old = before?.provenance { record.provenance = old }
        record.provenance?.steps = keepsSteps ? before?.provenance?.steps : provenance.steps
        let stepsPointer = keepsSteps ? nil : provenance.stepsPointer
        let form: Entry.File =
            keepsArchive
            ? .asItIs : staging.leavesPointer(paths) ? .pointer(provenance.pointer) : isNew ? .written : .copy(of: path)
        if staging.stages(paths) {
            // The objects go into the store before anything of the entry names them.
            if isNew, let spare = twin ?? (form == .written ? nil : path) {
                try objects.take(provenance.pointer, from: spare)
            } else {
                try objects.keep(provenance.pointer, from: path)
            }
            if let stepsPointer {
                let file = transaction.temporary(for: paths.steps)
                if staging.leavesPointer(paths) {
                    try objects.take(stepsPointer, from: file)
                } else {
                    try objects.keep(stepsPointer, from: file)
                }
            }
        }
        var steps: Entry.File = keepsSteps ? .asItIs : .nothing
        if let stepsPointer { steps = staging.leavesPointer(paths) ? .pointer(stepsPointer) : .written }
        try store.write(Entry(archive: form, steps: steps, record: record, lock: lock), in: &transaction)
        let failure = try await staging.stage(paths, record.provenance)
        return outcome(source.origin == .built ? .built : .saved, failure)
    }

    /// Warns where a fresh clone holds files with other line ends, so that nobody else has this key.
    private func warnOfLineEnds(_ inputs: ImageInputs, of image: ImageDeclaration) {
        guard let repository, let files = try? inputs.otherLineEnds(in: repository), let first = files.first else {
            return
        }
        let others = files.count == 1 ? "" : " and \(files.count - 1) more"
        events.warning(
            "\(image.name): a fresh clone holds \(first.path.percentEncoded)\(others) with \(first.cloned) line ends, "
                + "as .gitattributes say, and so has another key",
            "check the files out anew, or write `text eol=lf` for them in .gitattributes")
    }

    private static func seconds(_ duration: Duration) -> Double {
        let value = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        return (value * 10).rounded() / 10
    }
}
