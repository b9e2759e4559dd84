import Archive
import Configuration
import Records

/// A layer of an entry's image, for `info`.
public struct EntryLayer: Sendable {
    /// The layer.
    public let layer: Provenance.Layer
    /// How many files it brings, folders not counted; nil where the archive is not here, or of an unusual form.
    public let files: Int?
    /// What made it; nil where the archive is not here.
    public let createdBy: String?
    /// The names of other declared images whose entries have it.
    public let others: [String]
}

extension CacheWorkspace {
    /// The layers of an entry's image, and what they hold where the archive is in this clone.
    ///
    /// Nothing is fetched.
    public func layers(of inspection: EntryInspection) throws -> [EntryLayer] {
        guard let provenance = inspection.recorded?.provenance else { return [] }
        var holders: [String: Set<Provenance.Layer>] = [:]
        for other in configuration.images where other.name != inspection.image.name && other.isCached {
            let record = try? entries.shelf.record(at: entries.paths(of: other).record, .decision)
            holders[other.name.description] = Set(record?.provenance?.layers ?? [])
        }
        let (origins, counts) = contents(of: inspection)
        return provenance.layers.enumerated().map { index, layer in
            EntryLayer(
                layer: layer, files: index < counts.count ? counts[index] : nil,
                createdBy: index < origins.count ? origins[index] : nil,
                others: holders.filter { $0.value.contains(layer) }.keys.sorted())
        }
    }

    /// What the archive says of its layers; nothing where it is not here, or damaged.
    private func contents(of inspection: EntryInspection) -> (origins: [String], files: [Int?]) {
        guard let provenance = inspection.recorded?.provenance, let path = localArchive(of: inspection),
            let file = try? CanonicalFile(path, expecting: provenance.imageID)
        else { return ([], []) }
        defer { file.close() }
        return (file.layerOrigins, file.fileCounts())
    }
}
