import Configuration
import Engines

/// `save`: stores the image that the engine has.
public struct ImageSave {
    let access: WriteAccess
    let entry: EntryPreparation
    let source: EngineSource
    let notebook: ImageNotebook
    let saver: EntrySaver

    /// Stores the image that the engine has under the key of the present inputs.
    ///
    /// An image that is known to have been built for another key is `CacheError.savedForOtherKey`, unless forced.
    public func save(_ image: ImageDeclaration, isForced: Bool = false) async throws -> Outcome {
        let start = ContinuousClock.now
        if !image.isCached { throw CacheError.notCached(image: image.name.description) }
        return try await access.run {
            let inspection = try entry.prepared(image)
            let engine = try await source.engine()
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
            return try await saver.store(
                held, from: engine, .init(inputs: inspection.inputs, origin: .saved), over: inspection, start: start)
        }
    }

    /// The outcome where the entry of this key holds this image already, and Git has it; else nil.
    private func alreadySaved(
        _ held: EngineImage, _ inspection: EntryInspection, start: ContinuousClock.Instant
    ) throws -> Outcome? {
        guard inspection.state.isUsable, let provenance = inspection.recorded?.provenance,
            held.configDigest == provenance.imageID,
            try !saver.staging.lacks(inspection),
            try !saver.staging.isTouched(inspection)
                || inspection.archive.stands(for: provenance.pointer, saver.store.digests)
        else { return nil }
        return Outcome(
            image: inspection.image.name, action: .current, key: inspection.inputs.key, imageID: provenance.imageID,
            duration: .now - start, reasons: [], bytesSent: 0, stagingFailure: nil)
    }

    /// Refuses an image that was built, or stored, for another key.
    private func refuseOtherKey(_ held: EngineImage, _ inspection: EntryInspection) throws {
        let key = inspection.inputs.key
        var known = notebook.keys(of: held)
        if let recorded = inspection.recorded, let provenance = recorded.provenance,
            provenance.imageID == held.configDigest
        {
            known.append(recorded.key)
        }
        guard let other = known.last, !known.contains(key) else { return }
        throw CacheError.savedForOtherKey(
            image: inspection.image.name.description, imageID: held.digest, builtFor: other, key: key)
    }
}

/// What comes before an entry is written, whatever its image comes from.
struct EntryPreparation {
    let inspector: EntryInspector
    let resolver: ConflictResolver
    let staging: EntryStaging

    /// Makes an entry whole, prepares `.gitattributes`, which may be an input, and looks at it.
    func prepared(_ image: ImageDeclaration) throws -> EntryInspection {
        try resolver.resolve(image)
        try staging.prepareAttributes(for: inspector.store.paths(of: image))
        return try inspector.inspect(image)
    }
}
