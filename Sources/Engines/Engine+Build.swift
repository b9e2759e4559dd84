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
        let scratch = try Files.createTemporaryDirectory(in: request.scratch)
        defer { try? Files.removeTree(scratch) }
        let log = try BuildLog(file: request.logFile, handle)
        let idFile = scratch.appending("id")
        let builder: String
        let finished: Finished
        switch kind {
        case .podman, .buildah:
            builder = name
            finished = try await removingWorkingContainers {
                try await buildWithBuildah(request, scratch, idFile: idFile, log)
            }
        case .docker where try await hasBuildKit():
            builder = "docker buildkit"
            finished = try await buildWithBuildKit(request, scratch, idFile: idFile, log)
        case .docker:
            builder = "docker legacy"
            finished = try await buildWithLegacyBuilder(request, idFile: idFile, log)
        }
        try check(finished, isStarted: log.counts.steps > 0)
        guard finished.isSuccess else { throw buildFailure(request, finished, log) }
        guard let bytes = try Files.read(idFile, limit: 1 << 10) else {
            throw EngineError(
                .buildFailed(step: nil), "cannot build \(request.name): \(name) says no image id",
                lastLines: finished.errorLines)
        }
        let id = String(decoding: bytes, as: UTF8.self).trimmed.split(separator: ":").last.map(String.init) ?? ""
        let counts = log.counts
        return BuildResult(id: id, builder: builder, steps: counts.steps, reusedSteps: min(counts.reused, counts.steps))
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

    // MARK: podman and buildah

    /// A fresh folder, the Dockerfile outside it, and an empty ignore file.
    private func buildWithBuildah(
        _ request: BuildRequest, _ scratch: FilePath, idFile: FilePath, _ log: BuildLog
    ) async throws -> Finished {
        let dockerfile = scratch.appending("Dockerfile")
        let ignoreFile = scratch.appending("ignore")
        try Files.replace(dockerfile, with: request.dockerfile)
        try Files.replace(ignoreFile, with: [])
        let runtime = try await runtimeOptions()
        var arguments: [String] = []
        if kind == .podman { arguments += runtime.global }
        arguments += ["build", "--format", "docker", "--layers"]
        if kind == .buildah { arguments += runtime.global }
        arguments += runtime.build
        arguments += ["-f", dockerfile.string, "--ignorefile", ignoreFile.string, "--iidfile", idFile.string]
        arguments += ["--tag", request.name.hasHost ? request.name.description : "localhost/\(request.name)"]
        if request.offline { arguments += [kind == .podman ? "--pull=never" : "--pull-never"] }
        for (reference, id) in request.bases.sorted(by: { $0.key < $1.key }) {
            arguments += ["--build-context", "\(reference)=container-image://\(id)"]
        }
        arguments += request.commonArguments
        let fixed = arguments
        return try await withNetwork(request, log, isChosen: !runtime.build.isEmpty) { network in
            let arguments = fixed + network + request.options + [request.context.string]
            return try await execute(arguments, output: .lines { log.take($0) })
        }
    }

    /// Runs a build, and once more on the host's network where the engine has no network for containers.
    func withNetwork(
        _ request: BuildRequest, _ log: BuildLog, isChosen: Bool = false, _ run: ([String]) async throws -> Finished
    ) async throws -> Finished {
        if request.setsNetwork || isChosen { return try await run([]) }
        if request.offline { return try await run(["--network", "none"]) }
        if surroundings.fact("\(name).network") == "host" { return try await run(["--network", "host"]) }
        let finished = try await run([])
        if finished.isSuccess || !finished.lacksNetwork { return finished }
        say("\(name): building on the host's network, since the engine has none for containers")
        surroundings.remember("\(name).network", "host")
        log.restart()
        return try await run(["--network", "host"])
    }

    /// The options that this machine needs for containers to start.
    func runtimeOptions() async throws -> (global: [String], build: [String]) {
        guard Surroundings.hasHybridControlGroups, environment["CONTAINER_HOST"] == nil, kind != .docker else {
            return ([], [])
        }
        let fact = "\(name).runtime"
        var runtime = surroundings.fact(fact)
        if runtime == nil, kind == .podman {
            let finished = try await ask(["info", "--format", "{{.Host.OCIRuntime.Name}}"])
            runtime =
                finished.isSuccess ? (finished.lines.first ?? "").split(separator: "/").last.map(String.init) : nil
            surroundings.remember(fact, runtime ?? "")
        }
        // buildah does not tell its runtime; containers.conf gives it the same as podman.
        guard runtime == "crun" || kind == .buildah else { return ([], []) }
        if Self.program("runc", environment: environment) != nil {
            say("\(name): using runc, since crun does not start containers with control groups in hybrid mode")
            return (["--runtime", "runc"], [])
        }
        say("\(name): building with chroot isolation, since crun does not start containers in hybrid mode")
        return ([], ["--isolation", "chroot", "--network", "host"])
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

    /// Whether the caller's own options choose a network.
    var setsNetwork: Bool {
        options.contains { $0 == "--network" || $0.hasPrefix("--network=") || $0 == "--net" || $0.hasPrefix("--net=") }
    }
}
