import Archive
import Hashing
import OCI
import Synchronization
import SystemCalls
import SystemPackage

extension Engine {
    /// Saves an image as a canonical archive; nothing is left where that fails.
    ///
    /// Layers that stand in the archive before are not taken from the engine, where that can be. The bytes are the same.
    public func save(
        _ request: SaveRequest, progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> SaveResult {
        if let result = try await saveSparing(request, progress) { return result }
        do {
            return try await save(request, alongside: request.alongside, progress)
        } catch {
            // An intermediate image may be gone meanwhile: that costs steps, not the image.
            guard !request.alongside.isEmpty, Self.canSaveAfter(error) else { throw error }
            note("\(error); \(request.name) is saved without its steps")
            if let twin = request.twin { try Files.remove(twin) }
            return try await save(request, alongside: [], progress)
        }
    }

    private func save(
        _ request: SaveRequest, alongside others: [SHA256Digest], _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> SaveResult {
        let archive = try await save(
            request.image.id, as: request.name, to: request.path, alongside: others, twin: request.twin,
            progress: progress)
        return SaveResult(archive: archive, bytesRead: archive.size)
    }

    /// Saves an image as a canonical archive, in the new file `path`; nothing is left where that fails.
    ///
    /// The engine's stream passes through the canonical writer, in constant memory; where the engine does not send the
    /// layers in the order of the manifest, one spool `PATH.spool` stands beside the file meanwhile.
    ///
    /// - Parameters:
    ///   - reference: the image, by the engine's id.
    ///   - name: the name that the archive gives it.
    ///   - path: the file to create.
    ///   - others: further images, by the engine's ids, of which the configs alone are wanted, in the same pass; only where
    ///     `savesTogether`.
    ///   - twin: a second file to create, with the same bytes; on failure it is the caller's to remove.
    ///   - progress: told how many bytes were written so far.
    public func save(
        _ reference: String, as name: ImageName, to path: FilePath, alongside others: [SHA256Digest] = [],
        twin: FilePath? = nil,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> CanonicalArchive {
        let result = SavedArchive()
        let streamName = "what \(self.name) saves of \(name)"
        let id = others.isEmpty ? nil : SHA256Digest(imageID: reference)
        let together = others.isEmpty ? nil : dialect.images.saveTogether
        let finished = try await execute(
            together?([reference] + others.map(\.hexadecimal)) ?? dialect.images.save(reference),
            output: .reader { descriptor, activity in
                let archive = try ImageArchive.canonicalise(
                    stream: descriptor, named: streamName, as: name, to: path, image: id, twin: twin,
                    isAbandoned: { activity.isProgramGone }
                ) { count in
                    activity.touch()
                    progress(count)
                }
                result.set(archive)
            }, environment: apiEnvironment, silence: limits.transfer)
        try await check(finished)
        // The engine's own failure says more than the stream that it cut short.
        guard finished.isSuccess else {
            if result.archive != nil { _ = try? Files.remove(path) }
            if let error = finished.transferError as? ArchiveError, error.isOfThisMachine { throw error }
            if try await !exists(reference) {
                throw EngineError(
                    .noSuchImage, "cannot save \(name): \(self.name) has no image \(reference)",
                    lastLines: finished.errorLines)
            }
            throw failure("save", name.description, finished)
        }
        if let error = finished.transferError { throw error }
        guard let archive = result.archive else { throw failure("save", name.description, finished) }
        return archive
    }
}

extension Engine {
    /// Whether it can save several images in one pass.
    public var savesTogether: Bool { dialect.images.saveTogether != nil }
}

/// Carries an archive's description out of the thread that wrote it.
private final class SavedArchive: Sendable {
    private let state = Mutex<CanonicalArchive?>(nil)

    var archive: CanonicalArchive? { state.withLock { $0 } }

    func set(_ archive: CanonicalArchive) {
        state.withLock { $0 = archive }
    }
}
