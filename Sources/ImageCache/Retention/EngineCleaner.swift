import Configuration
import Engines
import Hashing
import OCI

/// Removes images of older keys from the engine.
public struct EngineCleaner {
    let declared: [ImageDeclaration]
    let source: EngineSource
    let notebook: ImageNotebook
    let inspector: EntryInspector
    let access: WriteAccess
    let events: CacheEvents

    /// An image that went, or would go.
    public struct Removed: Sendable {
        /// The engine's own id of it.
        public let id: String
        /// Why.
        public let reason: String
        /// Its names there.
        let names: [String]
    }

    /// Removes images that this clone built or loaded and that are of no use any more; never by force.
    ///
    /// - Parameter dryRun: Only finds out which.
    public func clean(dryRun: Bool) async throws -> [Removed] {
        if dryRun { return try await old() }
        return try await access.run {
            var removed: [Removed] = []
            var waiting = try await old()
            let engine = try await source.engine()
            // An image may be in the way of the one that it is made from.
            while !waiting.isEmpty {
                var left: [Removed] = []
                for image in waiting {
                    if try await remove(image, from: engine) { removed.append(image) } else { left.append(image) }
                }
                if left.count == waiting.count { break }
                waiting = left
            }
            for image in waiting { events.note("\(engine.name) keeps the image \(image.id.prefix(12)): it is in use") }
            return removed
        }
    }

    /// Removes an image; whether it went.
    ///
    /// An engine removes one with several names by none but the last of them.
    private func remove(_ image: Removed, from engine: Engine) async throws -> Bool {
        for name in image.names.dropLast() where try await !engine.removeUnused(name) { return false }
        return try await engine.removeUnused(image.id)
    }

    /// The images that may go, the newest first.
    private func old() async throws -> [Removed] {
        let engine = try await source.engine()
        let ours = notebook.images(in: engine)
        if ours.isEmpty { return [] }
        var entries: Set<SHA256Digest> = []
        var keys: Set<SHA256Digest> = []
        for image in declared {
            let inspection = try inspector.inspect(image)
            keys.insert(inspection.inputs.key)
            if let imageID = inspection.recorded?.provenance?.imageID { entries.insert(imageID) }
        }
        let names = Set(declared.flatMap(\.name.spellings))
        let used = try await engine.imagesInUse()
        let byID = Dictionary(ours.map { ($0.engineID.hexadecimal, $0) }) { _, last in last }
        var found: [Removed] = []
        for (id, held) in try await engine.list() {
            let note = byID[id]
            let own = note.map { notebook.keys(ofImage: $0.imageID, engineID: $0.engineID) } ?? []
            let image = OldImage(
                isOurs: note != nil,
                isPresent: note.map { entries.contains($0.imageID) } ?? false || own.contains(where: keys.contains),
                isUsed: used.contains(id), names: held.filter { !Engine.isStepsName($0) })
            if let reason = image.reason(declared: names) {
                found.append(Removed(id: id, reason: reason, names: held))
            }
        }
        // The engine would refuse to remove what another image was made from.
        let ids = Set(found.compactMap { SHA256Digest(hexadecimal: $0.id) })
        let needed = try await engine.needed(of: ids) ?? []
        found.removeAll { image in needed.contains { $0.hexadecimal == image.id } }
        let order = Dictionary(ours.enumerated().map { ($1.engineID.hexadecimal, $0) }) { $1 }
        return found.sorted { order[$0.id] ?? 0 > order[$1.id] ?? 0 }
    }
}
