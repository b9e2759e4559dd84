import Archive
import Configuration
import DockerfileRecipe
import Engines
import LFS
import OCI
import Records
import SystemCalls

extension CacheWorkspace {
    /// Brings an image up to date: nothing where entry and engine agree, a load where the engine lacks the image, else
    /// an older entry of the key, else a build (docs/design.md, "How `update` flows").
    ///
    /// - Parameters:
    ///   - image: the image.
    ///   - isFrozen: never builds, restores, saves or stages; a miss is `CacheError.entryStale` or `entryMissing`.
    public func update(_ image: ImageDeclaration, isFrozen: Bool = false) async throws -> Outcome {
        let start = ContinuousClock.now
        try requireName(of: image)
        if !image.isCached {
            if isFrozen { throw CacheError.notCached(image: image.name.description) }
            return try await buildUncached(image, start: start)
        }
        if !isFrozen {
            try checkFolder()
            // The first look at the files is remembered there; where nothing can be written it is only slower.
            _ = try? state.prepare()
            finishTeachingGit(for: image)
        }
        let lock = try baseLock(of: image).lock
        let inspection = try inspect(image)
        if isFrozen {
            try refuseUnusable(inspection)
            return try await settle(inspection, start: start)
        }
        if inspection.state.isUsable, try !needsStaging(inspection) {
            do {
                return try await settle(inspection, start: start)
            } catch {
                guard Self.isDamage(error) else { throw error }
            }
        }
        return try await withLock { wasFree in
            try await updateLocked(image, seen: wasFree ? (inspection.inputs, lock) : nil, start: start)
        }
    }

    /// Throws what a frozen run says of an entry that it cannot use.
    private func refuseUnusable(_ inspection: EntryInspection) throws {
        let name = inspection.image.name.description
        switch inspection.state {
        case .fresh, .pointer: return
        case .missing: throw CacheError.entryMissing(image: name, reason: "nothing is cached in \(folder)")
        case .corrupt:
            throw CacheError.entryCorrupt(
                image: name, reason: inspection.reasons.first?.description ?? "its files disagree")
        case .stale:
            throw CacheError.entryStale(image: name, key: inspection.inputs.key.short)
        }
    }

    /// What `update` does once it holds the lock: another command may have done the work meanwhile.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - seen: The inputs computed a moment ago under a lock of base images, where the cache's lock was had at once:
    ///     the context is then not walked again. Nil where it was waited for.
    ///   - start: When the command started.
    private func updateLocked(
        _ image: ImageDeclaration, seen: (inputs: ImageInputs, lock: BaseLock)?, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        let isResolved = try resolveConflicts(of: image)
        var inspection: EntryInspection
        if !isResolved, let seen, try baseLock(of: image).lock == seen.lock {
            inspection = try inspect(image, inputs: seen.inputs)
        } else {
            inspection = try inspect(image)
        }
        let isComplete = try inspection.state.isUsable && !needsStaging(inspection)
        if !isComplete, try prepareAttributes(for: image) { inspection = try inspect(image) }
        if inspection.state.isUsable {
            do {
                var outcome = try await settle(inspection, start: start)
                outcome.stagingFailure = try await stageIfNeeded(inspection)
                return outcome
            } catch {
                guard Self.isDamage(error) else { throw error }
                events.warning("cannot use the archive of \(image.name): \(error)", nil)
                if let outcome = try await restore(inspection, start: start, isDamaged: true) { return outcome }
                return try await buildAndStore(inspection, start: start)
            }
        }
        events.reasons(image.name.description, inspection.reasons)
        if let outcome = try await restore(inspection, start: start) { return outcome }
        return try await buildAndStore(inspection, start: start)
    }

    /// Makes sure that the engine holds the image of a usable entry under its name.
    func settle(_ inspection: EntryInspection, start: ContinuousClock.Instant) async throws -> Outcome {
        guard let provenance = inspection.recorded?.provenance else {
            throw CacheError.entryCorrupt(
                image: inspection.image.name.description, reason: "its record names no archive")
        }
        let engine = try await engine()
        let holding = try await holding(provenance.imageID, as: inspection.image.name, in: engine)
        let sent = holding == .absent ? try await loadArchive(of: inspection, into: engine) : 0
        return Outcome(
            image: inspection.image.name, action: holding == .named ? .current : .loaded, key: inspection.inputs.key,
            imageID: provenance.imageID,
            duration: .now - start, reasons: [], bytesSent: sent, stagingFailure: nil)
    }

    /// Whether an error means that the archive itself is not what it should be.
    private static func isDamage(_ error: any Error) -> Bool {
        switch error {
        case let error as ArchiveError: error.kind == .corrupt || error.kind == .selection
        case let error as LFSError: error.kind == .corrupt || error.kind == .missing
        case let error as CacheError:
            if case .entryCorrupt = error { true } else { false }
        default: false
        }
    }
}
