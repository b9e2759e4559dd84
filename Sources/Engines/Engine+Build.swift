import Hashing
import OCI
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
        let abilities = try await abilities(of: .builds)
        let network = try networkOptions(request, abilities)
        let scratch = try Files.createTemporaryDirectory(in: request.scratch)
        defer { try? Files.removeTree(scratch) }
        let log = try BuildLog(file: request.logFile, handle)
        let idFile = scratch.appending("id")
        let builder = try await builder()
        let finished = try await removingWorkingContainers {
            try await build(request, scratch, idFile: idFile, abilities, network: network, log)
        }
        try await check(finished)
        guard finished.isSuccess else { throw buildFailure(request, finished, log) }
        guard let bytes = try Files.read(idFile, limit: 1 << 10),
            let id = SHA256Digest(imageID: String(decoding: bytes, as: UTF8.self).trimmed)
        else {
            throw EngineError(
                .buildFailed(step: nil), "cannot build \(request.name): \(name) says no image id",
                lastLines: finished.errorLines)
        }
        let counts = log.counts
        return BuildResult(
            id: id.hexadecimal, builder: builder.rawValue, steps: counts.steps,
            reusedSteps: min(counts.reused, counts.steps))
    }

    private func buildFailure(_ request: BuildRequest, _ finished: Finished, _ log: BuildLog) -> EngineError {
        let step = log.failedStep
        var reason = (log.error ?? finished.reason).trimmed
        for prefix in ["Error: ", "ERROR: ", "error: "] where reason.hasPrefix(prefix) {
            reason = String(reason.dropFirst(prefix.count))
        }
        let place = step.map { " at \($0.prefix(200))" } ?? ""
        return EngineError(
            .buildFailed(step: step),
            "cannot build \(request.name)\(place): \(reason.isEmpty ? "see the log" : reason)",
            lastLines: finished.errorLines)
    }

    // MARK: Builders

    /// The builders, as records name them.
    enum Builder: String, Sendable {
        case podman, buildah
        case buildKit = "docker buildkit"
        case legacy = "docker legacy"
    }

    /// The builder that this engine has.
    func builder() async throws -> Builder {
        switch kind {
        case .podman: .podman
        case .buildah: .buildah
        case .docker: try await hasBuildKit() ? .buildKit : .legacy
        }
    }

    /// Has the builder build, with the options that containers of its steps need here.
    func build(
        _ request: BuildRequest, _ scratch: FilePath, idFile: FilePath, _ abilities: Abilities, network: [String],
        _ log: BuildLog
    ) async throws -> Finished {
        let options = network + request.options
        return switch try await builder() {
        case .podman, .buildah:
            try await buildWithBuildah(request, scratch, idFile: idFile, abilities, options, log)
        case .buildKit: try await buildWithBuildKit(request, scratch, idFile: idFile, options, log)
        case .legacy: try await buildWithLegacyBuilder(request, idFile: idFile, options, log)
        }
    }

    /// A fresh folder, the Dockerfile outside it, and an empty ignore file.
    private func buildWithBuildah(
        _ request: BuildRequest, _ scratch: FilePath, idFile: FilePath, _ abilities: Abilities, _ options: [String],
        _ log: BuildLog
    ) async throws -> Finished {
        let dockerfile = scratch.appending("Dockerfile")
        let ignoreFile = scratch.appending("ignore")
        try Files.replace(dockerfile, with: request.dockerfile)
        try Files.replace(ignoreFile, with: [])
        var arguments: [String] = []
        if kind == .podman { arguments += abilities.runtimeOptions }
        arguments += ["build", "--format", "docker", "--layers"]
        if kind == .buildah { arguments += abilities.runtimeOptions }
        if abilities.isChroot { arguments += ["--isolation", "chroot"] }
        arguments += ["-f", dockerfile.string, "--ignorefile", ignoreFile.string, "--iidfile", idFile.string]
        arguments += ["--tag", request.name.localSpelling]
        if request.offline { arguments += [kind == .podman ? "--pull=never" : "--pull-never"] }
        for (reference, id) in request.bases.sorted(by: { $0.key < $1.key }) {
            arguments += ["--build-context", "\(reference)=container-image://\(id)"]
        }
        arguments += request.commonArguments + options + [request.context.string]
        return try await execute(arguments, output: .lines { log.take($0) })
    }

    // MARK: Networks

    /// The options that give a build its network; what it has to do without is said, each time.
    func networkOptions(_ request: BuildRequest, _ abilities: Abilities) throws -> [String] {
        let chosen = chosenNetwork(request.options)
        let wanted = chosen ?? (request.offline ? "none" : nil)
        guard abilities.gives(wanted) else { throw refusal("build \(request.name)", wanted) }
        if let shortcoming = abilities.shortcoming(network: wanted) {
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

extension BuildRequest {
    /// What all builders call the same.
    var commonArguments: [String] {
        var result: [String] = []
        if let target { result += ["--target", target] }
        if let platform { result += ["--platform", platform.description] }
        if noCache { result += ["--no-cache"] }
        for argument in arguments {
            result += ["--build-arg", argument.value.map { "\(argument.name)=\($0)" } ?? argument.name]
        }
        for label in labels { result += ["--label", "\(label.name)=\(label.value)"] }
        return result
    }
}
