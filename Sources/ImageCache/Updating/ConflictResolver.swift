import Configuration
import Git
import Records
import SystemCalls
import SystemPackage

/// Makes an entry whole that a merge, or another program, left in pieces.
///
/// Only to be used with the cache's lock held.
struct ConflictResolver {
    let repository: Repository?
    let folder: CacheFolder
    let store: EntryStore
    let lockFile: BaseLockFile
    let reader: InputReader
    let objects: ObjectSource
    /// Whether the work tree is to hold a pointer in the archive's place.
    let leavesPointers: Bool
    let events: CacheEvents

    /// Resolves an entry that a merge left with two versions: the side whose record has the key of the merged inputs is
    /// taken whole; where neither has it, the lock of this branch stays and the entry is stale.
    ///
    /// - Returns: Whether files were changed.
    @discardableResult
    func resolve(_ image: ImageDeclaration) throws -> Bool {
        let paths = store.paths(of: image)
        try clearPlaces(paths, of: image)
        let reading = try lockFile.read()
        let files = try store.files(paths, .decision)
        guard reading.complaint != nil || files.isConflicted else { return false }
        let sides = MergeSides(repository: repository)
        let locks = try sides.of(lockFile.path)
        for side in try sides.of(paths.record) where side.stage != 0 {
            let lockBytes = locks.first { $0.stage == side.stage }?.bytes
            let lock = try lockBytes.map { try BaseLock.read($0, named: lockFile.path.string) } ?? reading.lock
            guard let record = try Self.record(of: side, at: paths.record),
                record.key == (try reader.recipe(of: image, lock: lock)).inputs.key,
                let pointer = record.provenance?.pointer
            else { continue }
            events.note("taking the version of \(image.name) that belongs to the merged inputs")
            let archive = try archive(pointer, in: files.archive)
            let steps = try objects.stepsFile(
                of: record.provenance, at: paths, leavesPointer: leavesPointers, store.digests)
            try store.write(Entry(archive: archive, steps: steps, record: record, lock: lockBytes), to: paths)
            return true
        }
        if reading.complaint != nil { try Files.replace(lockFile.path, with: reading.lock.document) }
        return reading.complaint != nil
    }

    /// The record of one side; nil where it cannot be used, an error where only a newer program can.
    private static func record(of side: MergeSides.Side, at path: FilePath) throws(InputsError) -> InputsRecord? {
        do throws(InputsError) { return try InputsRecord.read(side.bytes, named: path.string, .all) } catch {
            if error.kind == .newerAlgorithm { throw error }
            return nil
        }
    }

    /// What becomes of the archive: it stays where it is the one, else its object is taken where that is at hand.
    private func archive(_ pointer: Pointer, in form: ArchiveForm) throws -> Entry.File {
        if try form.holds(pointer, store.digests) { return .asItIs }
        if !leavesPointers, let object = objects.local(pointer.oid) { return .copy(of: object) }
        return .pointer(pointer)
    }

    /// Removes empty folders in the places of the entry's files, such as docker makes for a mount source that is missing;
    /// refuses others before anything is built or written.
    private func clearPlaces(_ paths: EntryPaths, of image: ImageDeclaration) throws {
        for path in paths.all {
            guard try FileStatus.of(path)?.kind == .directory else { continue }
            guard try Files.names(in: path).isEmpty else {
                throw CacheError.placeTaken(image: image.name.description, folder: folder.shown(path))
            }
            try Files.removeEmptyFolder(path)
        }
    }
}
