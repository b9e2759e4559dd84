import Archive
import Hashing
import OCI
import Programs
import SystemCalls
import SystemPackage

extension Engine {
    /// Builds an image and gives it its name.
    ///
    /// - Parameters:
    ///   - request: what to build.
    ///   - log: told every line that the engine says.
    public func build(
        _ request: BuildRequest, log handle: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> BuildResult {
        await removeLeftovers()
        let builder = try await builder()
        if let place = request.heredoc, !builder.knowsHeredocs {
            let program = builder.name == name ? try await version() : builder.name
            throw EngineError(
                .buildFailed(step: nil), "cannot build \(request.name): \(program) does not know heredocs (\(place))",
                hint: "build with podman 4.8, buildah 1.33 or docker with BuildKit, or write a script in their place")
        }
        let abilities = try await abilities(of: .builds)
        let network = try networkOptions(request, abilities)
        let scratch = try Files.createTemporaryDirectory(in: request.scratch)
        defer { try? Files.removeTree(scratch) }
        let log = try BuildLog(file: request.logFile, hiding: secretValues(request), handle)
        let secretFiles = try linkSecrets(request, builder, in: scratch)
        let ended = try await removingWorkingContainers {
            try await build(
                request, with: builder, scratch, abilities, network: network, secretFiles: secretFiles, log)
        }
        let finished = ended.hiding(log.hide)
        try await check(finished)
        guard finished.isSuccess else { throw buildFailure(request, finished, log) }
        guard let bytes = try Files.readPlain(scratch.appending(Self.idFile), limit: 1 << 10),
            let id = SHA256Digest(imageID: String(decoding: bytes, as: UTF8.self).trimmed)
        else {
            throw EngineError(
                .buildFailed(step: nil), "cannot build \(request.name): \(name) printed no image id",
                lastLines: finished.errorLines)
        }
        let counts = log.counts
        return BuildResult(
            digest: id, builder: builder.name, steps: counts.steps,
            reusedSteps: min(counts.reused, counts.steps))
    }

    private func buildFailure(_ request: BuildRequest, _ finished: Finished, _ log: BuildLog) -> EngineError {
        let step = log.failedStep
        var reason = (log.error ?? finished.reason).trimmed
        for prefix in ["Error: ", "ERROR: ", "error: "] where reason.hasPrefix(prefix) {
            reason = String(reason.dropFirst(prefix.count))
        }
        let place = step.map { " at \($0.prefix(200))" } ?? ""
        // The step is named already.
        if let step, let end = reason.range(ofText: "building at STEP \"\(step)\": ") {
            reason = String(reason[end...])
        }
        return EngineError(
            .buildFailed(step: step),
            "cannot build \(request.name)\(place): \(reason.isEmpty ? "see the log" : reason)",
            lastLines: finished.errorLines)
    }

    /// The file of the scratch folder that gets the image's id.
    private static let idFile = "id"

    /// The builder that this engine has.
    func builder() async throws -> Builder { try await dialect.builder(self) }

    /// Who builds: `podman`, `buildah`, `docker buildkit` or `docker legacy`.
    public func builderName() async throws -> String { try await builder().name }

    /// The builders whose steps its own finds again, by their names.
    public func stepMakers() async throws -> Set<String> {
        let own = try await builder()
        return own.kin.union([own.name])
    }

    /// Whether its builder looks for steps of other machines only among images that it is told by name.
    public func needsCacheSources() async throws -> Bool { try await builder().needsCacheSources }

    /// Has the builder build, with the options that containers of its steps need here.
    func build(
        _ request: BuildRequest, with builder: Builder, _ scratch: FilePath, _ abilities: Abilities,
        network: [String], secretFiles: [String: FilePath] = [:], _ log: BuildLog
    ) async throws -> Finished {
        // What stands in arguments; the files themselves are where they are.
        try await withPlainPaths([scratch, request.context] + request.optionPaths.map(\.path)) { places in
            var named = request
            named.context = places[1]
            named.options = ArgumentPath.putting(places.dropFirst(2), for: request.optionPaths, in: request.options)
            let shownSecrets = secretFiles.mapValues { file in
                file.lastComponent.map { places[0].appending($0) } ?? file
            }
            let call = BuildCall(
                request: named, tag: request.givesName ? dialect.reference(request.name) : nil, dockerfile: "",
                secretFiles: shownSecrets, idFile: places[0].appending(Self.idFile), abilities: abilities,
                network: network)
            return try await build(request, with: builder, scratch, shownAs: places[0], call, log)
        }
    }

    private func build(
        _ request: BuildRequest, with builder: Builder, _ scratch: FilePath, shownAs place: FilePath,
        _ call: BuildCall, _ log: BuildLog
    ) async throws -> Finished {
        var call = call
        var values = apiEnvironment.merging(builder.variables) { $1 }
        for argument in request.secretArguments { values[argument.name] = argument.value }
        let variables = values
        switch builder.input {
        case .folder(let name):
            let text = dialect.hasExactStepCache ? request.dockerfile : request.fencedDockerfile ?? request.dockerfile
            try Files.replace(scratch.appending("Dockerfile"), with: text)
            try Files.replace(scratch.appending(name), with: [])
            (call.dockerfile, call.ignoreFile) = (place.appending("Dockerfile").string, place.appending(name).string)
            return try await execute(
                builder.arguments(call), output: .lines { log.take($0) }, environment: variables)
        case .tar:
            let dockerfile = try nameInContext(request)
            call.dockerfile = dockerfile
            let extra: [(name: String, bytes: [UInt8])] = [
                (".dockerignore", Array("\(dockerfile)\n.dockerignore\n".utf8)),
                (dockerfile, request.legacyDockerfile),
            ]
            return try await execute(
                builder.arguments(call),
                input: .writer { descriptor, activity in
                    try ContextArchive.write(request.context, adding: extra, to: descriptor) { activity.touch() }
                }, output: .lines { log.take($0) }, environment: variables)
        }
    }

    /// A name for the Dockerfile that no input has; fails where the context has an ignore file that would count.
    private func nameInContext(_ request: BuildRequest) throws -> String {
        if Files.exists(request.context.appending(".dockerignore")) {
            throw EngineError(
                .buildFailed(step: nil),
                "cannot build \(request.name): its context holds a .dockerignore, which Docker's legacy builder would apply; "
                    + "build with BuildKit, podman or buildah")
        }
        var name = ".cache-image.dockerfile"
        while Files.exists(request.context.appending(name)) { name += "_" }
        return name
    }

    // MARK: Networks

    /// The options that give a build its network; what it has to do without is said, each time.
    func networkOptions(_ request: BuildRequest, _ abilities: Abilities) throws -> [String] {
        let chosen = chosenNetwork(request.options, of: .build)
        let wanted = chosen ?? (request.offline ? "none" : nil)
        guard abilities.gives(wanted) else { throw refusal("build \(request.name)", wanted) }
        // A stage that is built after the image has been said of it.
        if request.givesName, let shortcoming = abilities.shortcoming(network: wanted) {
            warnOfShortcoming("building \(request.name)", shortcoming)
        }
        return chosen == nil ? abilities.networkOptions(wanted) : []
    }

    /// The error for a network that the engine cannot give here.
    func refusal(_ action: String, _ network: String?) -> EngineError {
        EngineError(
            .failed(status: 125),
            "cannot \(action) on the network \(network ?? "default"): \(name) can give containers none of their own here",
            hint: "cache-image engine --probe asks \(name) again")
    }

    /// Says which isolation is given up; nobody has to ask for it with `-v`.
    func warnOfShortcoming(_ action: String, _ shortcoming: String) {
        warn(
            "\(action) \(shortcoming), since \(name) can give containers no network of their own here",
            "cache-image engine --probe asks \(name) again")
    }
}
