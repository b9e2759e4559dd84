import Archive
import Configuration
import Git
import LFS
import OCI
import Recipes
import Records
import SystemCalls

/// Brings images up to date: nothing where entry and engine agree, a load where the engine lacks the image, else an
/// older entry of the key, else a build (docs/design.md, "How `update` flows").
///
/// It decides; the values that it is made of do the work.
public struct Updater {
    let repository: Repository?
    let access: WriteAccess
    let lockFile: BaseLockFile
    let reader: InputReader
    let entry: EntryPreparation
    let loader: EntryLoader
    let restorer: EntryRestorer
    let builder: ImageBuilder
    let saver: EntrySaver
    /// The images that are declared.
    let images: [ImageDeclaration]
    let events: CacheEvents

    private var inspector: EntryInspector { entry.inspector }
    private var staging: EntryStaging { entry.staging }

    // MARK: One image

    /// Brings an image into the wanted state; a miss of a frozen run is `CacheError.entryStale` or `entryMissing`.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - wish: The state.
    ///   - need: Brings a declared image up to date that this one is to be made from.
    func update(_ image: ImageDeclaration, _ wish: Wish, need: @escaping UpdateRound.Need) async throws -> Outcome {
        if wish == .rebuilt { return try await build(image, need: need) }
        let start = ContinuousClock.now
        try loader.images.names.require(image)
        if !image.isCached { return try await updateUncached(image, wish, need: need, start: start) }
        if wish != .frozen { try prepare(image) }
        let lock = try lockFile.read().lock
        let inspection = try inspector.inspect(image)
        let decision = Decision.judge(wish, try seen(inspection, wish))
        if !decision.needsLock {
            do {
                return try await carryOut(decision, inspection, need: need, start: start)
            } catch {
                guard wish != .frozen, Self.isDamage(error) else { throw error }
            }
        }
        return try await access.run { wasFree in
            try await updateLocked(
                image, seen: wasFree ? (inspection.recipe, lock) : nil, need: need, start: start)
        }
    }

    /// Builds an image whatever its key says, stores and stages it.
    private func build(_ image: ImageDeclaration, need: @escaping UpdateRound.Need) async throws -> Outcome {
        let start = ContinuousClock.now
        try loader.images.names.require(image)
        if !image.isCached { return try await updateUncached(image, .rebuilt, need: need, start: start) }
        return try await access.run {
            let inspection = try entry.prepared(image)
            let decision = Decision.judge(.rebuilt, .init(state: inspection.state))
            return try await carryOut(decision, inspection, need: need, start: start)
        }
    }

    /// What `update` does once it holds the lock: another command may have done the work meanwhile.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - seen: The recipe read a moment ago under a lock of base images, where the cache's lock was had at once:
    ///     the context is then not walked again. Nil where it was waited for.
    ///   - need: Brings a declared image up to date that this one is to be made from.
    ///   - start: When the command started.
    private func updateLocked(
        _ image: ImageDeclaration, seen: (recipe: any Recipe, lock: BaseLock)?, need: @escaping UpdateRound.Need,
        start: ContinuousClock.Instant
    ) async throws -> Outcome {
        let isResolved = try entry.resolver.resolve(image)
        var inspection: EntryInspection
        if !isResolved, let seen, try lockFile.read().lock == seen.lock {
            inspection = try inspector.inspect(image, seen.recipe)
        } else {
            inspection = try inspector.inspect(image)
        }
        var decision = Decision.judge(.current, try self.seen(inspection))
        if decision != .use, try staging.prepareAttributes(for: inspection.paths) {
            inspection = try inspector.inspect(image)
            decision = Decision.judge(.current, try self.seen(inspection))
        }
        if decision == .restore {
            if inspection.state.isUsable {
                events.warning("the archive of \(image.name) is damaged: its bytes are not those on record", nil)
            }
            events.reasons(image.name.description, inspection.reasons)
        }
        do {
            return try await carryOut(decision, inspection, need: need, start: start)
        } catch {
            guard inspection.state.isUsable, decision != .restore, Self.isDamage(error) else { throw error }
            events.warning("cannot use the archive of \(image.name): \(error)", nil)
            let damaged = Decision.Entry(state: inspection.state, isDamaged: true)
            return try await carryOut(
                Decision.judge(.current, damaged), inspection, isDamaged: true, need: need, start: start)
        }
    }

    /// What counts for the decision.
    private func seen(_ inspection: EntryInspection, _ wish: Wish = .current) throws -> Decision.Entry {
        var entry = Decision.Entry(state: inspection.state)
        guard wish != .frozen, entry.state.isUsable else { return entry }
        entry.isUnstaged = try staging.lacks(inspection)
        if try staging.isTouched(inspection), let pointer = inspection.recorded?.provenance?.pointer {
            entry.isDamaged = try !inspection.archive.holds(pointer, inspector.store.digests)
            // Git's index learns the file's new time.
            entry.isUnstaged = true
        }
        return entry
    }

    /// Does what was decided about an image that has an entry.
    ///
    /// - Parameters:
    ///   - decision: What.
    ///   - inspection: What was seen of the entry.
    ///   - isDamaged: Whether the archive in the work tree is damaged.
    ///   - need: Brings a declared image up to date that this one is to be made from; nil where that was done.
    ///   - start: When the command started.
    private func carryOut(
        _ decision: Decision, _ inspection: EntryInspection, isDamaged: Bool = false, need: UpdateRound.Need?,
        start: ContinuousClock.Instant
    ) async throws -> Outcome {
        switch decision {
        case .use: return try await loader.settle(inspection, start: start)
        case .useAndStage:
            var outcome = try await loader.settle(inspection, start: start)
            outcome.stagingFailure = try await staging.complete(inspection)
            return outcome
        case .restore:
            if let outcome = try await restorer.restore(inspection, start: start, isDamaged: isDamaged) {
                return outcome
            }
            guard let need, try await settleBases(of: inspection.recipe, need) else {
                return try await buildAndStore(inspection, start: start)
            }
            // A base image that was built may have moved the lock, and so this image's key.
            let again = try inspector.inspect(inspection.image)
            if again.inputs.key == inspection.inputs.key { return try await buildAndStore(again, start: start) }
            return try await carryOut(
                Decision.judge(.current, try seen(again)), again, isDamaged: isDamaged, need: nil, start: start)
        case .build:
            guard let need, try await settleBases(of: inspection.recipe, need) else {
                return try await buildAndStore(inspection, start: start)
            }
            return try await buildAndStore(try inspector.inspect(inspection.image), start: start)
        case .refuse(let refusal): throw error(refusal, inspection)
        }
    }

    /// Builds an image that is never stored (`cache: false`), unless nothing may be built.
    private func updateUncached(
        _ image: ImageDeclaration, _ wish: Wish, need: @escaping UpdateRound.Need, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        if case .refuse = Decision.judge(wish, nil) { throw CacheError.notCached(image: image.name.description) }
        return try await access.run {
            var recipe = try reader.recipe(of: image)
            if try await settleBases(of: recipe, need) { recipe = try reader.recipe(of: image) }
            let made = try await builder.make(image, recipe, reasons: []) { $0 }
            saver.notebook.note(
                image: made.image.imageID, engineID: made.image.digest, in: try await loader.images.source.engine(),
                key: made.inputs.key)
            return Outcome(
                image: image.name, action: .built, key: made.inputs.key, imageID: made.image.imageID,
                duration: .now - start, reasons: [], bytesSent: 0, steps: made.steps, stagingFailure: nil)
        }
    }

    // MARK: Parts

    /// Has what needs no lock ready before the first look.
    private func prepare(_ image: ImageDeclaration) throws {
        try access.folder.check()
        // The first look at the files is remembered there; where nothing can be written it is only slower.
        _ = try? access.places.prepare()
        // It would stop every command of Git, also where nothing else is to be done.
        repository?.removeAbandonedLock()
        staging.finishTeaching(for: inspector.store.paths(of: image))
    }

    /// Brings the declared images up to date that an image is made from; whether there are any (rule 56).
    private func settleBases(of recipe: any Recipe, _ need: @escaping UpdateRound.Need) async throws -> Bool {
        let names = recipe.inputs.bases.compactMap(\.declared)
        for base in images where names.contains(base.name) { try await need(base) }
        return !names.isEmpty
    }

    /// Builds an image and stores it.
    private func buildAndStore(
        _ inspection: EntryInspection, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        // What storing and staging need is asked for before a build that takes minutes.
        try SharedLibrary.archive.load()
        if repository != nil { try SharedLibrary.git2.load() }
        return try await builder.make(
            inspection.image, inspection.recipe, reasons: inspection.reasons, over: inspection
        ) { made in
            let source = EntrySaver.Source(
                inputs: made.inputs, origin: .built, buildTime: made.duration, lock: made.lock, steps: made.material)
            var outcome = try await saver.store(
                made.image, from: try await loader.images.source.engine(), source, over: inspection, start: start)
            (outcome.steps, outcome.bytesSent) = (made.steps, made.bytesSent)
            return outcome
        }
    }

    /// What is said of an entry that is not brought up to date.
    private func error(_ refusal: Decision.Refusal, _ inspection: EntryInspection) -> CacheError {
        let name = inspection.image.name.description
        switch refusal {
        case .notCached: return .notCached(image: name)
        case .unusable(.missing):
            return .entryMissing(image: name, reason: "nothing is cached in \(access.folder.path)")
        case .unusable(.corrupt):
            return .entryCorrupt(
                image: name, reason: inspection.reasons.first?.description ?? "its files disagree")
        case .unusable: return .entryStale(image: name, key: inspection.inputs.key.short)
        }
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
