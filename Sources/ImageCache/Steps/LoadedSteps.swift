import Engines
import Hashing
import OCI

/// The images that rebuilds brought into the engine to reuse their steps: for `clean --engine-images`.
public struct LoadedSteps {
    let places: StatePlaces
    let source: EngineSource

    /// The images that rebuilds of this user brought into the engine, that are still there, that nobody has named, that no
    /// container uses, and from which no other image grew since.
    public func list() async throws -> [SHA256Digest] {
        let engine = try await source.engine()
        let noted = StepNotes(places.stepNotes).images(in: engine.name)
        if noted.isEmpty { return [] }
        let used = try await engine.imagesInUse()
        // What a container uses grew from all that are below it.
        let kept = noted.filter { used.contains($0.hexadecimal) }
        return try await engine.unneeded(of: noted.filter { !kept.contains($0) })
    }

    /// Removes the images that `list` tells, each unless the engine keeps it after all; the ones that went.
    public func remove() async throws -> [SHA256Digest] {
        let engine = try await source.engine()
        try await takeBackNames(from: engine)
        let candidates = try await list()
        // What was made from an image goes before the image; buildah takes what is below it away at once.
        for id in candidates.reversed() { _ = try await engine.removeUnused(id.hexadecimal) }
        var notes = StepNotes(places.stepNotes)
        let left = try await engine.present(notes.images(in: engine.name))
        notes.forget(Set(notes.images(in: engine.name)).subtracting(left), in: engine.name)
        notes.save()
        return candidates.filter { !left.contains($0) }
    }

    /// Takes back the names that a killed build has left, where an image has others besides.
    private func takeBackNames(from engine: Engine) async throws {
        for (_, names) in try await engine.list() {
            let lent = names.filter(Engine.isStepsName)
            if lent.count == names.count { continue }
            for name in lent { try await engine.untag(try ImageName(name)) }
        }
    }
}
