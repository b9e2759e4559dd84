import Archive
import Configuration
import SystemPackage

/// `export`: writes the archive of an entry in another form.
public struct ImageExport {
    let inspector: EntryInspector
    let objects: ObjectSource
    let events: CacheEvents

    /// Writes an entry's image to a file or folder.
    public func write(
        _ image: ImageDeclaration, to file: FilePath, format: ExportFormat, compression: Compression
    ) async throws {
        let inspection = try inspector.inspect(image)
        let path = try await archive(of: inspection)
        try ImageArchive(path).export(
            as: image.name, expecting: inspection.recorded?.provenance?.imageID, format: format,
            compression: compression, to: file)
    }

    /// Writes an entry's image with the images of its steps, as an uncompressed docker-archive: an engine that loads it can
    /// reuse the steps.
    public func writeSteps(_ image: ImageDeclaration, to file: FilePath) async throws {
        let inspection = try inspector.inspect(image)
        let path = try await archive(of: inspection)
        guard let provenance = inspection.recorded?.provenance, let pointer = provenance.stepsPointer else {
            throw CacheError.noSteps(image: image.name.description)
        }
        var stepsPath = try ArchiveForm.at(inspection.paths.steps).file
        if stepsPath == nil { stepsPath = try await objects.object(pointer, of: image.name.description) }
        guard let stepsPath else { return }
        let own = try CanonicalFile(path, expecting: provenance.imageID)
        defer { own.close() }
        let steps = try StepsFile(stepsPath, beside: own.config)
        defer { steps.close() }
        if steps.images.map(\.id) != provenance.steps?.images {
            throw CacheError.entryCorrupt(
                image: image.name.description, reason: "its steps are not those that the record names")
        }
        try StepBundle(own, steps).export(provenance.imageID, as: image.name, to: file)
    }

    /// The archive of an entry, which may be stale.
    private func archive(of inspection: EntryInspection) async throws -> FilePath {
        let image = inspection.image
        if inspection.state == .corrupt {
            throw CacheError.entryCorrupt(
                image: image.name.description,
                reason: inspection.reasons.first?.description ?? "its files disagree")
        }
        let path = try await objects.archive(of: inspection)
        if inspection.state == .stale {
            events.warning("the entry of \(image.name) is stale", "cache-image update \(image.name)")
        }
        return path
    }
}
