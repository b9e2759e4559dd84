import Archive
import Hashing
import OCI
import Programs
import Synchronization
import SystemCalls
import SystemPackage

extension Engine {
    /// Brings images into the engine without giving any of them a name; what it has is not sent.
    ///
    /// All that it gets was checked against its digest. An engine that refuses them is an `EngineError` of kind `refused`.
    ///
    /// - Parameters:
    ///   - bundle: The images.
    ///   - predecessors: Images of the engine with which some of them may begin.
    ///   - scratch: A folder for a file as large as the layers that the engine lacks.
    ///   - progress: Told how many bytes were written so far.
    /// - Returns: How many bytes the engine was given.
    public func load(
        _ bundle: StepBundle, predecessors: [EngineImage] = [], scratch: FilePath,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> Int64 {
        let count: Int64
        if !usesService, let way = dialect.images.loadTogether {
            let held = try await storedLayers().map { Set($0.keys) } ?? []
            count = try await withFile(of: bundle, without: held, scratch, progress) { path in
                switch way {
                case .atOnce(let arguments): try await take(arguments(path), silence: limits.transfer)
                case .oneByOne(let arguments):
                    for number in bundle.images.indices {
                        try await take(arguments(path, number), silence: limits.transfer)
                    }
                }
            }
        } else {
            count = try await stream(bundle, without: held(of: bundle, predecessors), progress)
        }
        let missing = Set(bundle.images.map(\.id)).subtracting(try await present(bundle.images.map(\.id)))
        if let id = missing.first {
            throw EngineError(.refused, "cannot load steps: \(name) took them, but has no image \(id)")
        }
        return count
    }

    /// The layers that the engine does without in a stream, since it has images that begin with them.
    private func held(of bundle: StepBundle, _ predecessors: [EngineImage]) -> Set<SHA256Digest> {
        guard case .chain = dialect.images.sparing, let longest = bundle.images.last?.config.diffIDs else { return [] }
        let plan = LoadPlan(
            layers: longest, isNamed: false, sparing: .chain, usesService: usesService, stored: nil,
            images: predecessors.map(\.diffIDs))
        // What another image has on other layers is wanted there.
        let others = bundle.images.flatMap { image in
            let layers = image.config.diffIDs
            return layers.dropFirst(zip(layers, longest).prefix { $0 == $1 }.count)
        }
        return plan?.spared.subtracting(others) ?? []
    }

    /// Writes the images into a file with holes for what the engine has, and removes it after `body`.
    private func withFile(
        of bundle: StepBundle, without held: Set<SHA256Digest>, _ scratch: FilePath,
        _ progress: @escaping @Sendable (Int64) -> Void, _ body: (FilePath) async throws -> Void
    ) async throws -> Int64 {
        let folder = try Files.createTemporaryDirectory(in: scratch)
        defer { try? Files.removeTree(folder) }
        let file = folder.appending("steps.tar")
        let count = try await onOwnThread {
            let descriptor = try Files.create(file, permissions: 0o600)
            defer { try? descriptor.close() }
            return try bundle.write(to: descriptor, without: held, .hole, progress: progress)
        }
        try await withPlainPaths([file]) { try await body($0[0]) }
        return count
    }

    private func take(_ arguments: [String], silence: Duration) async throws {
        let finished = try await execute(arguments, environment: apiEnvironment, silence: silence)
        try await check(finished)
        if !finished.isSuccess { throw refusal(finished) }
    }

    private func refusal(_ finished: Finished) -> EngineError {
        EngineError(
            .refused, "cannot load steps: \(name) refused them: \(finished.reason)", lastLines: finished.errorLines)
    }

    private func stream(
        _ bundle: StepBundle, without held: Set<SHA256Digest>, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> Int64 {
        guard case .pipe(let arguments) = dialect.images.load else {
            throw EngineError(.refused, "cannot load steps: \(name) reads no stream")
        }
        let sent = SentCount()
        let finished = try await execute(
            arguments,
            input: .writer { descriptor, activity in
                sent.set(
                    try bundle.write(to: descriptor, without: held) { count in
                        activity.touch()
                        progress(count)
                    })
            }, environment: apiEnvironment, silence: limits.transfer)
        try await check(finished)
        if let error = finished.transferError {
            guard let error = error as? ArchiveError, case .system(let call) = error.kind, call.errno == .brokenPipe
            else { throw error }
        }
        guard finished.isSuccess, let count = sent.count else { throw refusal(finished) }
        return count
    }

    /// Takes a name from an image; the image itself goes with its last name, unless others or containers need it.
    public func untag(_ name: ImageName) async throws {
        let finished = try await ask(dialect.images.removeUnused(dialect.reference(name)))
        guard finished.isSuccess || finished.says(dialect.images.absentTexts) else {
            throw failure("untag", name.description, finished)
        }
    }
}

/// Carries a count out of the thread that wrote.
private final class SentCount: Sendable {
    private let state = Mutex<Int64?>(nil)

    var count: Int64? { state.withLock { $0 } }

    func set(_ count: Int64) {
        state.withLock { $0 = count }
    }
}
