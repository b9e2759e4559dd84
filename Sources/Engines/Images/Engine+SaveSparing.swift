import Archive
import Hashing
import OCI
import Programs
import SystemCalls
import SystemPackage

extension Engine {
    /// Saves an image of which an archive of ours has layers: only the others are taken from the engine.
    ///
    /// Nil where that cannot be, or went wrong, which is noted; the whole image is to be saved then. Nothing is left.
    func saveSparing(
        _ request: SaveRequest, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> SaveResult? {
        guard let verb = dialect.images.saveToLayout, !usesService, let predecessor = request.predecessor,
            let scratch = request.scratch, let config = try await storedConfig(request.image.configDigest),
            let stored = try await storedLayers()
        else { return nil }
        do {
            let file = try await onOwnThread { try CanonicalFile(predecessor, expecting: nil) }
            defer { file.close() }
            guard let plan = SavePlan(layers: config.diffIDs, held: file.layers, stored: stored) else { return nil }
            note(
                "\(plan.spared.count) layers of \(request.name) stand in its old archive;"
                    + " \(plan.wanted.count) are taken from \(name)")
            let folder = try Files.createTemporaryDirectory(in: scratch)
            defer { try? Files.removeTree(folder) }
            let layout = SparseLayout(folder: folder)
            let files = plan.wanted.isEmpty ? [:] : try await fill(layout, verb, plan, config, request)
            let archive = try await onOwnThread {
                try file.succeed(
                    config, with: files, as: request.name, to: request.path, twin: request.twin, progress: progress)
            }
            return SaveResult(archive: archive, bytesRead: archive.size - plan.sparedBytes)
        } catch {
            guard Self.canSaveAfter(error) else { throw error }
            note("\(error); the whole of \(request.name) is saved")
            if let twin = request.twin { try Files.remove(twin) }
            return nil
        }
    }

    /// Whether a save of the whole may succeed after this, or else says better what is wrong.
    static func canSaveAfter(_ error: any Error) -> Bool {
        switch error {
        case is ArchiveError, is SystemError: true
        case let error as EngineError:
            switch error.kind {
            case .failed, .died: true
            default: false
            }
        default: false
        }
    }

    /// Has the engine write the wanted layers into a layout; their files.
    private func fill(
        _ layout: SparseLayout, _ verb: (String, FilePath) -> [String], _ plan: SavePlan, _ config: ImageConfig,
        _ request: SaveRequest
    ) async throws -> [SHA256Digest: LayerFile] {
        try layout.prepare(without: plan.spared)
        // It says nothing until the end, however long that takes.
        let patience = limits.transfer + .seconds(request.image.size >> 20)
        let finished = try await withPlainPaths([layout.folder]) { paths in
            try await execute(verb(request.image.id, paths[0]), environment: apiEnvironment, silence: patience)
        }
        try await check(finished)
        if !finished.isSuccess { throw failure("save", request.name.description, finished) }
        return try layout.layers(of: config, wanted: plan.wanted)
    }
}
