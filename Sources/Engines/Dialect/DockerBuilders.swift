import Archive
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// Whether builds go to BuildKit: by the buildx plugin, or by a client that brings it (18.09 to 22).
    func hasBuildKit() async throws -> Bool {
        try await buildKitClient() != .none
    }

    private enum BuildKitClient: String {
        case buildx, builtIn, none
    }

    private func buildKitClient() async throws -> BuildKitClient {
        if environment["DOCKER_BUILDKIT"] == "0" { return .none }
        if let cached = surroundings.cached("buildkit").flatMap(BuildKitClient.init) { return cached }
        let buildx = try await execute(["buildx", "version"], silence: limits.question)
        var client = BuildKitClient.none
        if buildx.isSuccess, buildx.output.contains("buildx") {
            client = .buildx
        } else {
            let versions = try await ask(["version", "--format", "{{.Client.Version}} {{.Server.Version}}"])
            guard versions.isSuccess else { throw failure("ask", "docker for its version", versions) }
            let numbers = (versions.lines.first ?? "").split(separator: " ").map { text in
                text.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
            }
            if numbers.count == 2, let own = numbers[0].first, (19..<23).contains(own), (numbers[1].first ?? 0) >= 19 {
                client = .builtIn
            }
        }
        surroundings.cache("buildkit", client.rawValue)
        return client
    }

    /// A fresh folder, the Dockerfile outside it, and an empty ignore file beside that.
    func buildWithBuildKit(
        _ request: BuildRequest, _ scratch: FilePath, idFile: FilePath, _ options: [String], _ log: BuildLog
    ) async throws -> Finished {
        let dockerfile = scratch.appending("Dockerfile")
        try Files.replace(dockerfile, with: request.dockerfile)
        try Files.replace(FilePath(dockerfile.string + ".dockerignore"), with: [])
        let client = try await buildKitClient()
        var arguments = client == .buildx ? ["buildx", "build", "--load"] : ["build"]
        arguments += ["--progress", "plain", "-f", dockerfile.string, "--iidfile", idFile.string]
        arguments += ["--tag", request.name.description] + request.commonArguments
        var environment = apiEnvironment
        environment["DOCKER_BUILDKIT"] = "1"
        environment["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1"
        arguments += options + [request.context.string]
        return try await execute(arguments, output: .lines { log.take($0) }, environment: environment)
    }

    /// A tar on stdin, with the Dockerfile inside under a name that no input has, and an ignore file that names both.
    func buildWithLegacyBuilder(
        _ request: BuildRequest, idFile: FilePath, _ options: [String], _ log: BuildLog
    ) async throws -> Finished {
        if Files.exists(request.context.appending(".dockerignore")) {
            throw EngineError(
                .buildFailed(step: nil),
                "cannot build \(request.name): its context holds a .dockerignore, which Docker's legacy builder would apply; "
                    + "build with BuildKit, podman or buildah")
        }
        var name = ".cache-image.dockerfile"
        while Files.exists(request.context.appending(name)) { name += "_" }
        let dockerfile = name
        let arguments =
            ["build", "-f", dockerfile, "--iidfile", idFile.string, "--tag", request.name.description]
            + request.commonArguments + options + ["-"]
        let extra: [(name: String, bytes: [UInt8])] = [
            (".dockerignore", Array("\(dockerfile)\n.dockerignore\n".utf8)), (dockerfile, request.legacyDockerfile),
        ]
        var environment = apiEnvironment
        environment["DOCKER_BUILDKIT"] = "0"
        return try await execute(
            arguments,
            input: .writer { descriptor, activity in
                try ContextArchive.write(request.context, adding: extra, to: descriptor) { activity.touch() }
            }, output: .lines { log.take($0) }, environment: environment)
    }
}
