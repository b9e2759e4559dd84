import Git
import LFS
import Records
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

    /// What becomes of the steps archive of an entry that is brought back: it stays where it is the one, else its object is
    /// taken where that is at hand; nothing is fetched, since a rebuild can do without.
    func stepsFile(
        of provenance: Provenance?, at paths: EntryPaths, leavesPointer: Bool, _ digests: ArchiveDigests
    ) throws -> Entry.File {
        guard let pointer = provenance?.stepsPointer else { return .nothing }
        if try ArchiveForm.at(paths.steps).stands(for: pointer, digests) { return .asItIs }
        if !leavesPointer, let object = local(pointer.oid) { return .copy(of: object) }
        return .pointer(pointer)
    }
}
