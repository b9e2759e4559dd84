import Archive
import Hashing
import OCI
import Programs
import Synchronization
import SystemCalls
import SystemPackage

extension Engine {
    /// Loads an image; afterwards it has its name in the engine.
    ///
    /// Of an archive of ours the engine gets what it lacks, where that can be. All that it gets is verified first, or
    /// while it passes and what an engine needs to tag anything is held back until all agreed: a damaged archive leaves
    /// no name behind. A failed check is an `ArchiveError` of kind `corrupt`; an engine that refuses a sound archive is
    /// an `EngineError` of kind `refused`.
    public func load(
        _ request: LoadRequest, progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> LoadResult {
        if let result = try await loadSparing(request, progress) { return result }
        let sent =
            switch dialect.images.load {
            case .pipe(let arguments): try await load(request, throughPipe: arguments, progress)
            case .file(let arguments): try await load(request, asFile: arguments, progress)
            }
        return result(sent, digest: try await nameLoaded(sent, as: request.name))
    }

    func result(_ sent: SentImage, digest: SHA256Digest) -> LoadResult {
        LoadResult(digest: digest, config: sent.config, layers: sent.layers, bytesSent: sent.bytesSent)
    }

    func load(
        _ request: LoadRequest, throughPipe arguments: [String], without held: Set<SHA256Digest> = [],
        _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> SentImage {
        let result = SentBox()
        let finished = try await execute(
            arguments,
            input: .writer { descriptor, activity in
                let sent = try ImageArchive(request.archive).send(
                    to: descriptor, selecting: request.selection, as: request.name, expecting: request.expected,
                    strict: request.isStrict, without: held, spool: request.scratch
                ) { count in
                    activity.touch()
                    progress(count)
                }
                result.set(sent)
            }, environment: apiEnvironment, silence: limits.transfer)
        try await check(finished)
        if let error = finished.transferError {
            // A pipe that the engine closed: its own words say why.
            guard let error = error as? ArchiveError, case .system(let call) = error.kind, call.errno == .brokenPipe
            else { throw error }
        }
        guard finished.isSuccess, let sent = result.sent else {
            throw try await refusal(of: request, finished)
        }
        return sent
    }

    /// Where no pipe is read, the canonical archive is written and verified before the engine sees it.
    private func load(
        _ request: LoadRequest, asFile arguments: @Sendable (FilePath) -> [String],
        _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> SentImage {
        let parent = request.scratch ?? request.archive.removingLastComponent()
        let scratch = try Files.createTemporaryDirectory(in: parent)
        defer { try? Files.removeTree(scratch) }
        let file = scratch.appending("image.tar")
        let sent = try await onOwnThread {
            let descriptor = try Files.create(file, permissions: 0o600)
            defer { try? descriptor.close() }
            return try ImageArchive(request.archive).send(
                to: descriptor, selecting: request.selection, as: request.name, expecting: request.expected,
                strict: request.isStrict, spool: scratch, progress: progress)
        }
        let finished = try await withPlainPaths([file]) { try await ask(arguments($0[0])) }
        guard finished.isSuccess else {
            throw try await refusal(of: request, finished)
        }
        return sent
    }

    /// The error of an engine that did not take an archive, with the line that says why.
    ///
    /// It may have seen damage before we did: one of our own archives is read to its end then.
    private func refusal(of request: LoadRequest, _ finished: Finished) async throws -> EngineError {
        let image = request.name
        let lines = finished.errorLines.map(\.trimmed)
        let isFull = { (line: String) in line.lowercased().contains("no space left on device") }
        // podman tries one form of archive after another, and says something about each.
        let line = lines.last(where: isFull) ?? lines.last { $0.contains("docker-archive:") }
        var reason = line.map { $0.hasPrefix("* ") ? String($0.dropFirst(2)) : $0 } ?? finished.reason
        if reason.hasPrefix("Error: ") { reason = String(reason.dropFirst(7)) }
        if reason.isEmpty { reason = "\(name) closed its input" }
        guard isFull(reason) else {
            if request.isStrict { _ = try await onOwnThread { try ImageArchive(request.archive).verify() } }
            return EngineError(
                .refused, "cannot load \(image): \(name) refused the archive: \(reason)",
                lastLines: finished.errorLines)
        }
        var folder: String?
        if let question = dialect.images.storeFolder { folder = (try? await ask(question))?.lines.first?.trimmed }
        return EngineError(
            .refused, "cannot load \(image): the disk of \(name) is full: \(reason)",
            lastLines: finished.errorLines,
            hint: folder.map { "make room below \($0), where \(name) keeps its images" })
    }

    /// Finds the image that was loaded, and gives it its name where the engine did not; the engine's own digest.
    func nameLoaded(_ sent: SentImage, as name: ImageName) async throws -> SHA256Digest {
        if let image = try await image(named: name),
            image.digest == sent.imageID || image.isSameContent(as: sent.config)
        {
            return image.digest
        }
        guard let image = try await image(sent.imageID.hexadecimal) else {
            throw EngineError(
                .refused, "cannot load \(name): \(self.name) took the archive, but has no image \(sent.imageID)")
        }
        try await tag(image.id, as: name)
        return image.digest
    }
}

extension EngineImage {
    /// Whether this is the image of that config, where the engine's id is no config digest.
    func isSameContent(as config: ImageConfig) -> Bool {
        configDigest == nil && diffIDs == config.diffIDs && contentID == config.contentID
    }
}

/// Carries the description of what was sent out of the thread that sent it.
private final class SentBox: Sendable {
    private let state = Mutex<SentImage?>(nil)

    var sent: SentImage? { state.withLock { $0 } }

    func set(_ sent: SentImage) {
        state.withLock { $0 = sent }
    }
}
