extension Engine {
    /// The builder of docker: BuildKit by the buildx plugin, BuildKit by a client that brings it (18.09 to 22), or none.
    func dockerBuilder() async throws -> Builder {
        if environment["DOCKER_BUILDKIT"] == "0" { return .dockerLegacy }
        if let cached = surroundings.cached("buildkit") {
            return cached == "buildx" ? .buildx : cached == "builtIn" ? .builtInBuildKit : .dockerLegacy
        }
        let buildx = try await execute(["buildx", "version"], silence: limits.question)
        var client = "none"
        if buildx.isSuccess, buildx.output.contains("buildx") {
            client = "buildx"
        } else {
            let versions = try await ask(["version", "--format", "{{.Client.Version}} {{.Server.Version}}"])
            guard versions.isSuccess else { throw failure("ask", "docker for its version", versions) }
            let numbers = (versions.lines.first ?? "").split(separator: " ").map { text in
                text.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
            }
            if numbers.count == 2, let own = numbers[0].first, (19..<23).contains(own), (numbers[1].first ?? 0) >= 19 {
                client = "builtIn"
            }
        }
        surroundings.cache("buildkit", client)
        return try await dockerBuilder()
    }
}

extension Builder {
    /// BuildKit through the plugin.
    static let buildx = buildKit(["buildx", "build", "--load"])
    /// BuildKit through the client itself.
    static let builtInBuildKit = buildKit(["build"])

    private static func buildKit(_ verb: [String]) -> Builder {
        Builder(
            name: "docker buildkit", input: .folder(ignoreFile: "Dockerfile.dockerignore"), needsCacheSources: true,
            variables: ["DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"]
        ) { call in
            verb + ["--progress", "plain", "-f", call.dockerfile, "--iidfile", call.idFile.string]
                + call.nameArguments + stepArguments(call.request) + call.commonArguments
                + [call.request.context.string]
        }
    }

    /// The options by which it reuses steps of other machines, and has other machines reuse its own.
    private static func stepArguments(_ request: BuildRequest) -> [String] {
        let declared = request.arguments.contains { $0.name == inlineCache }
        return (request.tellsSteps && !declared ? ["--build-arg", "\(inlineCache)=1"] : [])
            + request.cacheSources.flatMap { ["--cache-from", $0.description] }
    }

    private static let inlineCache = "BUILDKIT_INLINE_CACHE"

    /// The builder of the daemon itself.
    static let dockerLegacy = Builder(
        name: "docker legacy", input: .tar, knowsHeredocs: false, variables: ["DOCKER_BUILDKIT": "0"]
    ) { call in
        ["build", "-f", call.dockerfile, "--iidfile", call.idFile.string] + call.nameArguments
            + call.commonArguments + ["-"]
    }
}
