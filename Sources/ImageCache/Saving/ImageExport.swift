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
        if inspection.state == .corrupt {
            throw CacheError.entryCorrupt(
                image: image.name.description,
                reason: inspection.reasons.first?.description ?? "its files disagree")
        }
        let path = try await objects.archive(of: inspection)
        if inspection.state == .stale {
            events.warning("the entry of \(image.name) is stale", "cache-image update \(image.name)")
        }
        try ImageArchive(path).export(as: image.name, format: format, compression: compression, to: file)
    }
}
