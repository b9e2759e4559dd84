import SystemPackage

extension ObjectSource {
    /// The file with the bytes of an entry's archive: that of the work tree, else the object that a pointer names.
    func archive(of inspection: EntryInspection) async throws -> FilePath {
        let image = inspection.image.name.description
        switch inspection.archive.bytes {
        case .file(let path): return path
        case .object(let pointer): return try await object(pointer, of: image)
        case .nowhere:
            throw CacheError.entryMissing(
                image: image, reason: inspection.reasons.first?.description ?? "nothing is cached")
        case .unreadable(let complaint):
            throw CacheError.entryCorrupt(image: image, reason: "the archive cannot be read: \(complaint)")
        }
    }
}
