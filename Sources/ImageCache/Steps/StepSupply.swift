import Archive
import Context
import Engines
import Hashing
import LFS
import OCI
import Records
import SystemCalls

/// Brings into the engine, before a build, what an entry keeps for it: images of steps and base images.
///
/// Nothing here decides what is built. What goes wrong is said, and the build does without.
struct StepSupply {
    let offers: StepOffers
    let images: EngineImages
    let places: StatePlaces
    let events: CacheEvents

    /// What a build has at hand.
    struct Supplied {
        /// The names of images, given for this build alone, among which the builder looks for steps.
        var cacheSources: [ImageName] = []
        /// Those whose images were in the engine before; they stay there.
        var heldSources: Set<ImageName> = []
        /// How many operations they share with what is built, where that is all of one stage.
        var shared = 0
        /// Bytes that the engine was given.
        var bytesSent: Int64 = 0
    }

    /// Brings in what there is for a build.
    ///
    /// - Parameters:
    ///   - inspection: The entry as it is.
    ///   - inputs: What is built.
    ///   - engine: The engine.
    ///   - reusesSteps: Whether the build may take steps that the engine has.
    func supply(
        _ inspection: EntryInspection, _ inputs: ImageInputs, to engine: Engine, reusesSteps: Bool
    ) async throws -> Supplied {
        let name = inspection.image.name
        do {
            let makers = try await engine.stepMakers()
            guard let offer = try offers.best(for: inspection, inputs.record, by: makers) else { return Supplied() }
            let isKnown = makers.contains(offer.steps.builder)
            if !isKnown, reusesSteps, offer.shared > 0 {
                let builder = try await engine.builderName()
                events.note(
                    "no step reuse with \(builder): the steps of \(name) were made by \(offer.steps.engine)"
                        + " (\(offer.steps.builder))")
            }
            let isReused = isKnown && reusesSteps && offer.shared > 0
            return try await supplySound(offer, to: engine, for: name, inputs, isReused: isReused)
        } catch let error as CancellationError {
            throw error
        } catch {
            events.note("the steps of \(name) are not used: \(error)")
            return Supplied()
        }
    }

    /// Brings in an offer, from its objects where the files of the work tree are damaged.
    private func supplySound(
        _ offer: StepOffers.Offer, to engine: Engine, for name: ImageName, _ inputs: ImageInputs, isReused: Bool
    ) async throws -> Supplied {
        do {
            return try await supply(offer, to: engine, for: name, inputs, isReused: isReused)
        } catch let fault where fault is ArchiveError || fault is StepOffers.Fault {
            guard let objects = offer.asObjects else { throw fault }
            do {
                return try await supply(objects, to: engine, for: name, inputs, isReused: isReused)
            } catch let error as CancellationError {
                throw error
            } catch {
                events.detail("\(error)")
                throw fault
            }
        }
    }

    private func supply(
        _ offer: StepOffers.Offer, to engine: Engine, for name: ImageName, _ inputs: ImageInputs, isReused: Bool
    ) async throws -> Supplied {
        var supplied = Supplied()
        var brought: Set<SHA256Digest> = []
        // What such a builder looks for stands in the image's own config.
        let needsAll = try await engine.needsCacheSources()
        var wanted = Set(isReused ? offer.steps.images : [])
        if !isReused { wanted = Set(try await lackedBases(offer, inputs, in: engine)) }
        let missing = wanted.subtracting(try await engine.present(Array(wanted)))
        if !missing.isEmpty {
            let files = try await offers.files(of: offer, name)
            let archive = try CanonicalFile(files.archive, expecting: offer.provenance.imageID)
            defer { archive.close() }
            let steps = try StepsFile(files.steps, beside: archive.config)
            defer { steps.close() }
            if steps.images.map(\.id) != offer.steps.images {
                throw StepOffers.Fault(description: "their archive holds other images than the record names")
            }
            let bases = steps.images.filter { offer.steps.bases.values.contains($0.id) }.map(\.config.diffIDs)
            // docker's builder goes from parent to child, so it gets all of them.
            let isLinked = steps.images.contains { $0.parent != nil }
            let bundle = StepBundle(archive, steps) { image in
                wanted.contains(image.id) && (isLinked || missing.contains(image.id))
                    && (needsAll || StepMatch.isOfUse(image.config.diffIDs, above: bases, shared: offer.shared))
            }
            let new = bundle.images.map(\.id).filter(missing.contains)
            if !new.isEmpty {
                // Before they are there: what a load that fails leaves behind is to be found, too.
                var notes = StepNotes(places.stepNotes)
                notes.note(new, in: engine.name)
                notes.save()
                supplied.bytesSent = try await load(bundle, into: engine, for: name)
                brought = Set(new)
                events.detail("\(engine.name) got \(new.count) images of steps \(offer.place)")
            }
        }
        if isReused, needsAll {
            try await nameSteps(of: offer, in: engine, besides: brought, &supplied)
            let stages = Set(inputs.record.operations.compactMap { $0["stage"]?.string })
            supplied.shared = stages.count == 1 ? offer.shared : 0
        }
        return supplied
    }

    /// Gives the images of an entry's steps the names by which the builder finds them.
    private func nameSteps(
        of offer: StepOffers.Offer, in engine: Engine, besides brought: Set<SHA256Digest>, _ supplied: inout Supplied
    ) async throws {
        let bases = Set(offer.steps.bases.values)
        do {
            for id in offer.steps.images where !bases.contains(id) {
                let source = try ImageName(name: Engine.stepsName, tag: String(id.hexadecimal.prefix(16)))
                try await engine.tag(id.hexadecimal, as: source)
                supplied.cacheSources.append(source)
                if !brought.contains(id) { supplied.heldSources.insert(source) }
            }
        } catch {
            await takeBack(supplied, from: engine, after: nil)
            supplied.cacheSources = []
            throw error
        }
    }

    /// The base images of a build that stand among an entry's steps and that the engine lacks.
    private func lackedBases(
        _ offer: StepOffers.Offer, _ inputs: ImageInputs, in engine: Engine
    ) async throws -> [SHA256Digest] {
        var lacked: [SHA256Digest] = []
        for base in inputs.bases where base.declared == nil {
            guard let id = offer.steps.bases[base.reference.description],
                try await engine.image(base.written) == nil
            else { continue }
            lacked.append(id)
        }
        return lacked
    }

    private func load(_ bundle: StepBundle, into engine: Engine, for name: ImageName) async throws -> Int64 {
        let predecessor = try await engine.image(named: name)
        try Files.createDirectories(places.scratch)
        defer { events.progress(nil) }
        return try await engine.load(
            bundle, predecessors: [predecessor].compactMap { $0 }, scratch: places.scratch
        ) { [events] in
            events.progress(.init(title: "loading the steps of \(name)", completed: $0, total: nil))
        }
    }

    /// Takes back the names that were given for a build.
    ///
    /// With its last name an image would go. One that was here before has not lost anything, so its name first moves to the
    /// image that was made; where none was, it stays until the next build.
    func takeBack(_ supplied: Supplied, from engine: Engine, after made: EngineImage?) async {
        for name in supplied.cacheSources {
            do {
                if supplied.heldSources.contains(name) {
                    if let made {
                        try await engine.tag(made.id, as: name)
                    } else if try await engine.image(named: name)?.names.count == 1 {
                        continue
                    }
                }
                try await engine.untag(name)
            } catch { events.detail("\(error)") }
        }
    }
}
