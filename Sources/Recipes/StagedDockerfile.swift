import Configuration
import Context
import DockerfileRecipe
import Engines
import Git
import OCI
import Records

/// A Dockerfile with its canonical context: what an engine builds from.
struct StagedDockerfile: StagedRecipe {
    let declaration: ImageDeclaration
    let context: CanonicalContext

    var inputs: ImageInputs { context.image.inputs }

    func relocked(_ lock: BaseLock, repository: Repository?) throws(InputsError) -> any StagedRecipe {
        StagedDockerfile(declaration: declaration, context: try context.relocked(lock, repository: repository))
    }

    var hasBlindSteps: Bool { fencedDockerfile == nil }

    /// The Dockerfile for builders that look at the words of a step only; nil where that does not help them.
    private var fencedDockerfile: [UInt8]? { context.image.fencedDockerfile(BuildRequest.fence) }

    var furtherStages: [String] { context.image.furtherStages }

    func make(
        _ order: BuildOrder, in engine: Engine, line: @escaping @Sendable (String) -> Void
    ) async throws -> BuildResult {
        try await engine.build(try request(order), log: line)
    }

    func differences(from made: RuntimeConfig) -> [String] { context.image.differences(from: made) }

    func remove() { context.remove() }

    private func request(_ order: BuildOrder) throws(InputsError) -> BuildRequest {
        var request = BuildRequest(
            context: context.directory, dockerfile: context.image.dockerfileBytes,
            legacyDockerfile: try context.image.legacyDockerfile(), name: order.name, scratch: order.scratch)
        request.fencedDockerfile = fencedDockerfile ?? context.image.dockerfileBytes
        request.target = order.stage ?? declaration.target
        request.givesName = order.stage == nil
        request.cacheSources = order.cacheSources
        request.tellsSteps = order.keepsSteps
        request.platform = declaration.declaredPlatform
        for (name, value) in declaration.arguments.sorted(by: { $0.key < $1.key }) {
            if declaration.secretArguments.contains(name) {
                request.secretArguments.append((name, value))
            } else {
                request.arguments.append((name, value))
            }
        }
        request.secrets = declaration.secrets.map { BuildRequest.Secret($0) }
        request.labels = declaration.labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let options = EngineOptions(
            declaration.buildOptions, of: .build, root: context.image.inputs.request.configurationFolder)
        (request.options, request.optionPaths) = (options.words, options.relativePaths)
        request.heredoc = context.image.heredoc
        let words = context.image.baseWords
        for (reference, id) in order.bases {
            for word in words[reference] ?? [reference] { request.bases[word] = id }
        }
        request.noCache = !order.usesStepCache
        request.offline = order.isOffline
        request.logFile = order.stage == nil ? order.log : nil
        return request
    }
}

extension BuildRequest.Secret {
    init(_ secret: BuildSecret) {
        switch secret.source {
        case .variable(let name): self.init(id: secret.id, source: .variable(name))
        case .file(let path): self.init(id: secret.id, source: .file(path))
        }
    }
}
