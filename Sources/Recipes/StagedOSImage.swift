import Configuration
import Context
import Engines
import Git
import OCI
import OSRecipe
import Records
import SystemCalls
import SystemPackage

/// A template whose files stand still: what the composer makes an image of.
struct StagedOSImage: StagedRecipe {
    let declaration: ImageDeclaration
    let files: StagedTemplate
    let environment: [String: String]

    var inputs: ImageInputs { files.image.inputs }

    func relocked(_ lock: BaseLock, repository: Repository?) throws(InputsError) -> any StagedRecipe {
        StagedOSImage(declaration: declaration, files: try files.relocked(), environment: environment)
    }

    var hasBlindSteps: Bool { false }

    var furtherStages: [String] { [] }

    func make(
        _ order: BuildOrder, in engine: Engine, line: @escaping @Sendable (String) -> Void
    ) async throws -> BuildResult {
        let folder = try Files.createTemporaryDirectory(in: order.scratch)
        defer { try? Files.removeTree(folder) }
        let log = try BuildLog(order.log)
        let archive = try await composeArchive(
            template: files.template, name: order.name, folder: folder, environment: environment,
            isOffline: order.isOffline
        ) { text in
            log.add(text)
            line(text)
        }
        var request = LoadRequest(archive: archive, name: order.name)
        request.scratch = folder
        let loaded = try await engine.load(request)
        return BuildResult(digest: loaded.digest, builder: "os", steps: 0, reusedSteps: 0)
    }

    func keep() throws(InputsError) { try files.keepLock() }

    /// The composer has no cache of steps that could be wrong.
    func differences(from made: RuntimeConfig) -> [String] { [] }

    func remove() { files.remove() }
}
