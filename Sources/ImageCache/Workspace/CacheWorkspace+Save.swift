import Archive
import Configuration
import DockerfileRecipe
import Engines
import Git
import Hashing
import LFS
import OCI
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Stores the image that the engine has under the key of the present inputs.
    ///
    /// An image that is known to have been built for another key is `CacheError.savedForOtherKey`, unless forced.
    public func save(_ image: ImageDeclaration, isForced: Bool = false) async throws -> Outcome {
        let start = ContinuousClock.now
        if !image.isCached { throw CacheError.notCached(image: image.name.description) }
        return try await withLock {
            try resolveConflicts(of: image)
            try prepareAttributes(for: image)
            let inspection = try inspect(image)
            let engine = try await engine()
            guard let held = try await engine.image(named: image.name) else {
                throw CacheError.imageNotInEngine(image: image.name.description, engine: engine.name)
            }
            if let other = inspection.inputs.foreignPlatform(held.platform) {
                throw CacheError.foreignPlatform(
                    verb: "save", object: image.name.description, found: other,
                    expected: inspection.inputs.imagePlatform)
            }
            if let done = try alreadySaved(held, inspection, start: start) { return done }
            if !isForced { try refuseOtherKey(held, inspection) }
            return try await store(
                held, from: engine, inputs: inspection.inputs, over: inspection, lock: nil, origin: .saved,
                buildTime: nil, start: start)
        }
    }

    /// The outcome where the entry of this key holds this image already, and Git has it; else nil.
    private func alreadySaved(
        _ held: EngineImage, _ inspection: EntryInspection, start: ContinuousClock.Instant
    ) throws -> Outcome? {
        guard inspection.state.isUsable, let provenance = inspection.recorded?.provenance,
            held.configDigest == provenance.imageID,
            try !needsStaging(inspection)
        else { return nil }
        return Outcome(
            image: inspection.image.name, action: .current, key: inspection.inputs.key, imageID: provenance.imageID,
            duration: .now - start, reasons: [], bytesSent: 0, stagingFailure: nil)
    }

    /// Refuses an image that was built, or stored, for another key.
    private func refuseOtherKey(_ held: EngineImage, _ inspection: EntryInspection) throws {
        let key = inspection.inputs.key
        var known = EngineNotes(notesPath).keys(ofEngineID: held.digest)
        if let digest = held.configDigest { known += EngineNotes(notesPath).keys(ofImage: digest) }
        if let recorded = inspection.recorded, let provenance = recorded.provenance,
            provenance.imageID == held.configDigest
        {
            known.append(recorded.key)
        }
        guard let other = known.last, !known.contains(key) else { return }
        throw CacheError.savedForOtherKey(
            image: inspection.image.name.description, imageID: held.digest, builtFor: other, key: key)
    }

    /// Streams an image from the engine into its entry, and stages it; what is unchanged is not written.
    ///
    /// - Parameters:
    ///   - held: the engine's image.
    ///   - engine: the engine.
    ///   - inputs: what the image was made of.
    ///   - inspection: the entry as it was.
    ///   - lock: the lock of base images after a build; nil leaves it alone.
    ///   - origin: how the image came to be.
    ///   - buildTime: how long the build took.
    ///   - start: when the command started.
    func store(
        _ held: EngineImage, from engine: Engine, inputs: ImageInputs, over inspection: EntryInspection,
        lock: BaseLock?, origin: Provenance.Origin, buildTime: Duration?, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        var transaction = try EntryTransaction(inspection.paths)
        defer { transaction.rollBack() }
        let temporary = transaction.temporary(for: inspection.paths.archive)
        let title = "saving \(inspection.image.name)"
        let archive = try await engine.save(
            held.id, as: inspection.image.name, to: temporary
        ) { [events] in events.progress(.init(title: title, completed: $0, total: held.size)) }
        events.progress(nil)
        let provenance = Provenance(
            imageID: archive.imageID, archiveDigest: archive.digest, archiveSize: Size(archive.size),
            layers: archive.layers.map { .init(digest: $0.digest, size: Size($0.size)) },
            origin: origin, engine: try await engine.version(), buildSeconds: buildTime.map(Self.seconds),
            commit: try repository?.head()?.hexadecimal)
        note(image: archive.imageID, engineID: held.digest, in: engine, key: inputs.key)
        let staging = try await write(
            inputs: inputs, provenance: provenance, archive: temporary, config: archive.config, lock: lock,
            over: inspection,
            in: &transaction)
        return Outcome(
            image: inspection.image.name, action: staging.isUnchanged ? .current : (origin == .built ? .built : .saved),
            key: inputs.key, imageID: provenance.imageID, duration: .now - start, reasons: inspection.reasons,
            bytesSent: 0, stagingFailure: staging.failure)
    }

    /// What became of an entry that was written.
    struct Written {
        var isUnchanged: Bool
        var failure: StagingFailure?
    }

    /// Commits an entry whose archive stands at the temporary path, and stages it.
    ///
    /// With the same key and the same image as before, files that are there and sound are not touched.
    func write(
        inputs: ImageInputs, provenance: Provenance, archive temporary: FilePath, config: ImageConfig, lock: BaseLock?,
        over inspection: EntryInspection, in transaction: inout EntryTransaction
    ) async throws -> Written {
        try refuseSecrets(of: inspection.image, in: config)
        let paths = inspection.paths
        warnOfLineEnds(inputs, of: inspection.image)
        let before = inspection.recorded
        let sameImage =
            before?.provenance?.imageID == provenance.imageID
            && before?.provenance?.archiveDigest == provenance.archiveDigest
        // A lock with nothing to say is not worth a file.
        let lockBytes = lock.flatMap { $0.entries.isEmpty && !Files.exists(paths.baseLock) ? nil : $0.document }
        let lockChanges = try lockBytes.map { try Files.readPlain(paths.baseLock) != $0 } ?? false
        if sameImage, inspection.state.isUsable, before?.key == inputs.key, !lockChanges {
            transaction.drop(paths.archive)
            return Written(isUnchanged: true, failure: try await stageIfNeeded(inspection))
        }
        let keepsArchive = try sameImage && archiveIsIntact(inspection, provenance)
        var record = inputs.fullRecord(repository: repository)
        record.provenance = provenance
        if keepsArchive, before?.key == inputs.key, let old = before?.provenance { record.provenance = old }
        let pointer = pointer(for: provenance)
        if stages(inspection.image) {
            // The object goes into the store before anything of the entry names it.
            try keepObject(pointer, from: temporary)
        }
        if keepsArchive {
            transaction.drop(paths.archive)
        } else if configuration.git.worktree == .pointer, stages(inspection.image) {
            transaction.drop(paths.archive)
            try transaction.write(pointer.encoded, to: paths.archive)
        }
        try transaction.write(record.document, to: paths.record)
        try transaction.write(Array((record.md5 + "\n").utf8), to: paths.sidecar)
        if lockChanges, let lockBytes {
            try transaction.write(lockBytes, to: paths.baseLock)
            lockMoves += 1
        }
        try transaction.commit()
        return Written(isUnchanged: false, failure: try await stage(inspection.image, pointer: pointer))
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

    /// Whether the archive in the work tree, or the pointer to it, is the one with this provenance, to the last byte.
    private func archiveIsIntact(_ inspection: EntryInspection, _ provenance: Provenance) throws -> Bool {
        switch inspection.files.archive {
        case .missing, .unusable: false
        case .pointer(let pointer): pointer == self.pointer(for: provenance)
        case .file(let size):
            try size == provenance.archiveSize
                && Pointer.of(inspection.paths.archive) == self.pointer(for: provenance)
        }
    }

    /// The pointer to the archive of a record.
    func pointer(for provenance: Provenance) -> Pointer {
        Pointer(oid: provenance.archiveDigest, size: provenance.archiveSize)
    }

    /// Remembers which key an image stands for, and what the engine calls it.
    func note(image imageID: SHA256Digest, engineID: SHA256Digest, in engine: Engine, key: SHA256Digest?) {
        // Notes are a help: without a folder for them there are none.
        _ = try? state.prepare()
        var notes = EngineNotes(notesPath)
        if let key {
            notes.note(image: imageID, key: key)
            // Docker's containerd store tells its own name of an image, not the config's digest.
            if engineID != imageID { notes.note(engineID: engineID, key: key) }
        }
        notes.note(image: imageID, engineID: engineID, engine: engine.name)
        state.permission.creating { notes.save() }
        noteForMachine(image: imageID, engineID: engineID, in: engine)
    }

    static func seconds(_ duration: Duration) -> Double {
        let value = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        return (value * 10).rounded() / 10
    }
}
