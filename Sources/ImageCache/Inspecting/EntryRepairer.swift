import Configuration
import Git
import LFS
import Records
import SystemCalls
import SystemPackage

/// Makes right what `verify` found, and only that: from Git, from a copy on this machine, from the server, else by a build.
public struct EntryRepairer {
    let repository: Repository?
    let access: WriteAccess
    let verifier: EntryVerifier
    let store: EntryStore
    let staging: EntryStaging
    let objects: ObjectSource
    let updater: Updater
    let events: CacheEvents

    /// Repairs an entry; what reading it once more showed.
    public func repair(_ verification: Verification) async throws -> Verification {
        if verification.findings.isEmpty { return verification }
        let image = verification.image
        return try await access.run {
            try repairLock(verification)
            var found = verification
            // What stands beside something damaged is read only once that is mended.
            for _ in 0..<3 {
                try await mend(found)
                guard let now = try await look(at: image), now.findings != found.findings else { break }
                if now.findings.isEmpty { return now }
                found = now
            }
            return try await updated(image)
        }
    }

    /// What reading an entry shows; nil where nothing is there, or a part of it is nowhere.
    private func look(at image: ImageDeclaration) async throws -> Verification? {
        do { return try await verifier.verify(image) } catch let error as CancellationError { throw error } catch {
            if verifier.mayBeHadLater(error) { throw error }
            events.detail("\(error)")
            return nil
        }
    }

    /// Brings an entry up to date where no copy of its files helps: what looks usable is built all the same.
    private func updated(_ image: ImageDeclaration) async throws -> Verification {
        let isUsable = try verifier.inspector.inspect(image).state.isUsable
        for result in try await updater.update([image], isUsable ? .rebuilt : .current) { _ = try result.result.get() }
        return try await verifier.verify(image)
    }

    // MARK: The lock of base images

    private func repairLock(_ verification: Verification) throws {
        guard verification.findings.contains(where: { $0.part == .lock && $0.repair == .takeFromGit }) else { return }
        let path = store.paths(of: verification.image).baseLock
        let kind = try FileStatus.of(path)?.kind
        // A folder is what `update` deals with.
        if kind == .directory { return }
        // Another command may have written it before this one had its turn.
        if kind == .file, let bytes = try Files.readPlain(path, limit: InputLimit.lock),
            BaseLock.flaws(of: bytes, named: path.string).isEmpty
        {
            return
        }
        let versions = try gitVersions(of: path)
        if let sound = versions.first(where: { BaseLock.flaws(of: $0, named: path.string).isEmpty }) {
            try Files.replace(path, with: sound)
            events.note("took the lock of base images from Git")
        } else if kind != nil {
            // The next build locks what it uses.
            try Files.remove(path)
            events.note("removed the lock of base images, which Git does not have either")
        }
    }

    // MARK: The entry

    /// Writes the files of an entry anew that can be had without a build.
    private func mend(_ verification: Verification) async throws {
        let parts = Set(verification.findings.map(\.part)).subtracting([.lock])
        let paths = store.paths(of: verification.image)
        // A conflict is resolved by `update`, which knows both sides.
        if verification.findings.contains(where: { $0.repair == .update }) { return }
        guard !parts.isEmpty, var record = try soundRecord(verification, paths),
            let provenance = record.provenance
        else { return }
        let form = try store.archive(of: paths)
        guard let archive = try await archive(provenance.pointer, form, of: verification.image) else { return }
        if parts != [.object] {
            let steps = parts.contains(.steps) ? try await steps(provenance, paths, of: verification.image) : .asItIs
            // Nothing is to name what is nowhere.
            if steps == .nothing { record.provenance?.steps = nil }
            try store.write(Entry(archive: archive, steps: steps, record: record), to: paths)
            events.note(
                "\(verification.image.name): wrote \(parts.map(\.rawValue).sorted().joined(separator: ", ")) anew")
        }
        if let failure = try await staging.stage(paths, record.provenance) {
            events.warning("\(verification.image.name) is not staged: \(failure.reason)", failure.hint)
        }
    }

    /// The record, or that of Git where the one at hand is damaged or missing; nil where there is none.
    private func soundRecord(_ verification: Verification, _ paths: EntryPaths) throws -> InputsRecord? {
        let name = paths.record.string
        if !verification.findings.contains(where: { $0.part == .record }) {
            return try InputsRecord.read(paths.record, .all)
        }
        for bytes in try gitVersions(of: paths.record) where RecordSum.verdict(of: bytes) != .wrong {
            if let record = try? InputsRecord.read(bytes, named: name, .all), record.provenance != nil { return record }
        }
        return nil
    }

    /// The archive as it is to stand, its object sound in the store; nil where it is nowhere.
    private func archive(
        _ pointer: Pointer, _ form: ArchiveForm, of image: ImageDeclaration
    ) async throws -> Entry.File? {
        let name = image.name.description
        // What is remembered of a file says nothing of a bit that has flipped since.
        if let file = form.file, try Pointer.of(file) == pointer {
            if let path = objects.local(pointer.oid), try Pointer.of(path) != pointer {
                try objects.setAside(pointer)
            }
            if staging.stages(store.paths(of: image)) { try objects.keep(pointer, from: file) }
            return .asItIs
        }
        guard let source = try await objects.sound(pointer, of: name) else { return nil }
        if case .pointer = form { return .pointer(pointer) }
        return staging.leavesPointer(store.paths(of: image)) ? .pointer(pointer) : .copy(of: source)
    }

    /// The steps archive as it is to stand; nothing where a sound one is nowhere: the next build makes others.
    private func steps(
        _ provenance: Provenance, _ paths: EntryPaths, of image: ImageDeclaration
    ) async throws -> Entry.File {
        guard let pointer = provenance.stepsPointer else { return .nothing }
        let form = try ArchiveForm.at(paths.steps)
        if let file = form.file, try Pointer.of(file) == pointer {
            if let path = objects.local(pointer.oid), try Pointer.of(path) != pointer {
                try objects.setAside(pointer)
            }
            if staging.stages(paths) { try objects.keep(pointer, from: file) }
            return .asItIs
        }
        // An entry can do without: what is not here is not fetched for its pointer.
        if form == .pointer(pointer), objects.local(pointer.oid) == nil { return .pointer(pointer) }
        guard let source = try await objects.sound(pointer, of: image.name.description) else { return .nothing }
        if case .pointer = form { return .pointer(pointer) }
        return staging.leavesPointer(paths) ? .pointer(pointer) : .copy(of: source)
    }

    /// What Git has of a file: the index, then HEAD.
    private func gitVersions(of path: FilePath) throws -> [[UInt8]] {
        guard let repository, let relative = repository.relativePath(of: path) else { return [] }
        var blobs = [(try? repository.index())?.entry(at: relative)?.id].compactMap { $0 }
        if let head = try repository.head(), let entry = try repository.entry(at: relative, in: head) {
            blobs.append(entry.id)
        }
        return try blobs.compactMap { try repository.blob($0, limit: InputLimit.recordInHistory) }
    }
}
