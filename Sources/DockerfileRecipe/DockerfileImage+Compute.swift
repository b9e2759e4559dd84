import Context
import Dockerfile
import Git
import Hashing
import JSON
import Records
import SystemCalls
import SystemPackage

extension DockerfileImage {
    /// Reads what decides the image, and only that; files that Git or the caches prove unchanged are not opened.
    ///
    /// It blocks its thread; it may use further threads to hash.
    ///
    /// - Parameters:
    ///   - request: The image.
    ///   - repository: The repository of the context; nil outside of one.
    ///   - lock: The identities of the base images.
    ///   - caches: Where digests are remembered.
    ///   - declared: The declared image that a base image is; nil for any other.
    public static func compute(
        _ request: ImageRequest, repository: Repository?, lock: BaseLock, caches: InputCaches = InputCaches(),
        declared: (NamedBase) throws(InputsError) -> DeclaredBase? = { _ in nil }
    ) throws(InputsError) -> DockerfileImage {
        do throws(SystemError) {
            guard try FileStatus.of(request.context, followLinks: true)?.kind == .directory else {
                throw SystemError("open", request.context.string, .notDirectory)
            }
        } catch {
            if let repository,
                let refusal = try InputsError.absence(of: request.context, in: repository, root: request.root)
            {
                throw refusal
            }
            let place = ShownPath.of(request.context, in: request.root)
            throw InputsError(
                .recipe, "cannot use \(place) as the build context: there is no such folder",
                fault: InputsError.Fault(
                    "context", "there is no folder \"\(place)\"", missing: request.context))
        }
        if let repository {
            for path in Set([request.context, request.dockerfile, request.configurationFolder]) {
                if let refusal = try InputsError.replacement(on: path, in: repository, root: request.root) {
                    throw refusal
                }
            }
        }
        var computation = InputsComputation(
            request, repository: repository, bases: KnownBases(lock), caches: caches)
        return try computation.run(declared)
    }

    /// The same inputs under another lock, after a build: the files stay those that were staged.
    public func relocked(_ lock: BaseLock, repository: Repository?) throws(InputsError) -> DockerfileImage {
        var bases = KnownBases(lock)
        bases.declared = self.bases.declared
        var computation = InputsComputation(
            request, repository: repository, bases: bases, caches: InputCaches(), staged: self)
        return try computation.run { _ in nil }
    }

    /// The same inputs with other file contents, those that were staged.
    func with(_ content: ContextContent) throws(InputsError) -> DockerfileImage {
        let changed = DockerfileImage(
            inputs: ImageInputs(
                request: request, record: inputs.record, warnings: inputs.warnings, bases: inputs.bases,
                imagePlatform: inputs.imagePlatform, runtime: inputs.runtime, content: content, extras: inputs.extras),
            dockerfileBytes: dockerfileBytes, plan: plan, bases: bases)
        return try changed.relocked(bases.lock, repository: nil)
    }

    /// Where the Dockerfile has its first heredoc, as `Dockerfile:4`; nil where it has none.
    public var heredoc: String? {
        let instructions = (try? DockerfileSyntax(dockerfileBytes))?.instructions ?? []
        guard let first = instructions.first(where: { !$0.heredocs.isEmpty }) else { return nil }
        return "\(ShownPath.of(request.dockerfile, in: request.root)):\(first.startLine)"
    }

    /// The Dockerfile for a builder that builds every stage: those that the target does not need are empty.
    public func legacyDockerfile() throws(InputsError) -> [UInt8] {
        do throws(DockerfileError) {
            return try DockerfileSyntax(dockerfileBytes).reduced(to: request.buildRequest) { bases.image($0) }
        } catch {
            throw InputsError(.recipe, error.description(file: ShownPath.of(request.dockerfile, in: request.root)))
        }
    }
}

extension ImageRequest {
    /// The part of the request that the Dockerfile is evaluated with.
    var buildRequest: StageRequest {
        var request = StageRequest(target: target, arguments: arguments, platform: platform, labels: labels)
        request.secrets = secretArguments
        return request
    }
}
