import Archive
import Hashing
import Programs

extension Engine {
    /// Below so many missing bytes it is not asked which other images the engine has: that would take longer.
    private static let questionWorth: Int64 = 32 << 20

    /// Loads of an archive of ours what the engine lacks; nil where it wants the whole, or refused less, which is noted.
    func loadSparing(
        _ request: LoadRequest, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> LoadResult? {
        if case .none = dialect.images.sparing { return nil }
        guard request.isStrict else { return nil }
        let file = try await onOwnThread { try CanonicalFile(request.archive, expecting: request.expected) }
        defer { file.close() }
        guard let plan = try await plan(file, request) else { return nil }
        let count = file.layers.count { plan.spared.contains($0.digest) }
        note(
            "\(name) has \(count) of \(file.layers.count) layers of \(request.name): it is given"
                + " \(file.size(without: plan.spared)) of \(file.size) bytes")
        do {
            switch plan.way {
            case .file(let arguments):
                let sent = try await handOver(file, to: arguments, without: plan.spared, request, progress)
                return result(sent, digest: sent.imageID)
            case .stream:
                guard case .pipe(let arguments) = dialect.images.load else { return nil }
                let sent = try await load(request, throughPipe: arguments, without: plan.spared, progress)
                return result(sent, digest: try await nameLoaded(sent, as: request.name))
            }
        } catch let error as EngineError where error.kind == .refused {
            note("\(error); it is given the whole archive as a stream")
            return nil
        }
    }

    private func plan(_ file: CanonicalFile, _ request: LoadRequest) async throws -> LoadPlan? {
        let verbs = dialect.images
        // Docker's containerd store, which has no digest of the config, reads another form.
        var images = [request.predecessor].compactMap { $0 }.filter { $0.configDigest != nil }
        func plan(stored: Set<SHA256Digest>? = nil) -> LoadPlan? {
            LoadPlan(
                layers: file.layers.map(\.digest), isNamed: file.names == [request.name.description],
                sparing: verbs.sparing, usesService: usesService, stored: stored, images: images.map(\.diffIDs))
        }
        switch verbs.sparing {
        case .none: return nil
        case .file: return plan() == nil ? nil : plan(stored: try await storedLayers().map { Set($0.keys) })
        case .chain:
            if file.size(without: plan()?.spared ?? []) >= Self.questionWorth {
                let ids = try await list().prefix(500).map(\.id)
                images += ids.isEmpty ? [] : try await inspect(ids).filter { $0.configDigest != nil }
            }
            return plan()
        }
    }

    /// Checks what the engine will read of an open archive, then lets it read; it gives the image its name at the end.
    func handOver(
        _ file: CanonicalFile, to arguments: [String], without spared: Set<SHA256Digest>, _ request: LoadRequest,
        _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> SentImage {
        try await onOwnThread { try file.check(without: spared, progress: progress) }
        // It says nothing until the end, however long that takes.
        let patience = limits.transfer + .seconds(file.size >> 20)
        let finished = try await execute(
            arguments, input: .file(file.descriptor), environment: apiEnvironment, silence: patience)
        try await check(finished)
        guard finished.isSuccess, finished.lines.last?.trimmed == file.config.digest.hexadecimal else {
            throw EngineError(
                .refused, "cannot load \(request.name): \(name) did not take the archive: \(finished.reason)",
                lastLines: finished.errorLines)
        }
        return SentImage(config: file.config, layers: file.layers, bytesSent: file.size(without: spared))
    }
}
