import Glibc
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// Runs a command in a new container, with our input and output, and removes the container.
    ///
    /// What the engine and the container print goes where our own output goes, as it comes. Whether the command started
    /// is asked of the engine, and only where its status leaves that open.
    ///
    /// - Returns: the command's exit status as the engine passes it on: 126 and 127 where it cannot be started, 128 and
    ///   the signal's number where one ended it.
    /// - Throws: an `EngineError` where the engine itself failed.
    public func run(_ request: RunRequest) async throws -> Int32 {
        await removeLeftovers()
        let abilities = try await abilities(of: .runs)
        let network = request.chosenNetwork
        guard abilities.gives(network) else { throw refusal("run \(request.image)", network) }
        if let shortcoming = abilities.shortcoming(network: network) {
            warnOfShortcoming("running \(request.image.prefix(12))", shortcoming)
        }
        let container = "cache-image-\(getpid())-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let note = RunNote(container, of: self)
        defer { note?.remove() }
        return kind == .buildah
            ? try await runWithBuildah(request, abilities, in: container)
            : try await run(request, abilities, in: container)
    }

    private func run(_ request: RunRequest, _ abilities: Abilities, in container: String) async throws -> Int32 {
        var arguments = kind == .podman ? abilities.runtimeOptions : []
        arguments += [
            "run", "--pull=never", "--name", container, "--label", "\(RunOwner.label)=\(RunOwner.current.text)",
        ]
        if request.isInteractive { arguments.append("--interactive") }
        if request.hasTerminal { arguments.append("--tty") }
        if !request.options.contains(where: { $0.hasPrefix("--ulimit") }) { arguments += abilities.limitOptions }
        if kind == .podman, environment["CONTAINER_HOST"] == nil, !Files.exists("/run/systemd/private"),
            !request.options.contains(where: { $0.hasPrefix("--health") })
        {
            // A health check is a timer of systemd.
            arguments.append("--no-healthcheck")
        }
        arguments += request.engineOptions
        if Engines.chosenNetwork(request.options) == nil { arguments += abilities.networkOptions(request.network) }
        let final = arguments + request.options + request.operands(of: kind)
        let finished = try await stopping(container) { try await start(final, request) }
        let status: Int32
        do {
            status = try await self.status(finished, request, container)
        } catch {
            await removeContainer(container)
            throw error
        }
        await removeContainer(container)
        return status
    }

    private func start(_ arguments: [String], _ request: RunRequest) async throws -> Finished {
        try await execute(
            arguments, input: request.isInteractive ? .inherited : .none, output: .inherited, inheritingErrors: true,
            environment: apiEnvironment)
    }

    /// The status of the command, where it started; 126 and 127 where the engine says that it cannot be started.
    private func status(_ finished: Finished, _ request: RunRequest, _ container: String) async throws -> Int32 {
        guard case .exited(let status) = finished.ending, (125...127).contains(status) else {
            guard case .exited(let status) = finished.ending else {
                try await check(finished)
                return 128
            }
            return status
        }
        if try await hasStarted(container) { return status }
        // What was found out of this engine may be true no more.
        if status != 127 { await forgetAbilities(of: .runs) }
        if status != 125 { return status }
        throw try await startFailure(request, finished)
    }

    /// Whether a container's command was started, as the engine remembers it.
    private func hasStarted(_ container: String) async throws -> Bool {
        let answer = try await ask(["container", "inspect", "--format", "{{.State.StartedAt}}", container])
        let time = answer.lines.first?.trimmed ?? ""
        return answer.isSuccess && !time.isEmpty && !time.hasPrefix("0001-01-01")
    }

    /// The error of a container that the engine could not start; the engine's own words were shown already.
    private func startFailure(_ request: RunRequest, _ finished: Finished) async throws -> EngineError {
        try await check(finished)
        if try await !exists(request.image) {
            return EngineError(.noSuchImage, "cannot run \(request.image): \(name) has no such image")
        }
        return EngineError(
            .failed(status: 125), "cannot run \(request.image): \(name) could not start the container, as it says above"
        )
    }

    // MARK: buildah

    /// buildah has no `run` of images: a working container is made, used and removed.
    private func runWithBuildah(
        _ request: RunRequest, _ abilities: Abilities, in container: String
    ) async throws -> Int32 {
        guard let image = try await image(request.image) else {
            throw EngineError(.noSuchImage, "cannot run \(request.image): buildah has no such image")
        }
        if !image.runtime.onBuild.isEmpty {
            throw EngineError(
                .failed(status: 0),
                "cannot run \(request.image): buildah would first run its ONBUILD triggers; use podman or docker")
        }
        let made = try await ask(["from", "--pull-never", "--name", container, image.id])
        guard made.isSuccess else { throw failure("run", request.image, made) }
        let status: Int32
        do {
            status = try await runWithBuildah(request, image, abilities, in: container)
        } catch {
            await removeContainer(container)
            throw error
        }
        await removeContainer(container)
        return status
    }

    private func runWithBuildah(
        _ request: RunRequest, _ image: EngineImage, _ abilities: Abilities, in container: String
    ) async throws -> Int32 {
        let command = request.command(entrypoint: image.runtime.entrypoint, cmd: image.runtime.cmd)
        var arguments = ["run"] + abilities.runtimeOptions
        if abilities.isChroot { arguments += ["--isolation", "chroot"] }
        arguments.append("--terminal=\(request.hasTerminal)")
        arguments += request.buildahOptions(environment: environment)
        if Engines.chosenNetwork(request.options) == nil { arguments += abilities.networkOptions(request.network) }
        // The runtime writes there, and nobody else, why it could not start the command.
        let scratch = try? Files.createTemporaryDirectory(in: FilePath(environment["TMPDIR"] ?? "/tmp"))
        defer { if let scratch { try? Files.removeTree(scratch) } }
        let log = scratch?.appending("runtime")
        if let log, !abilities.isChroot {
            arguments += ["--runtime-flag", "log=\(log)", "--runtime-flag", "log-format=json"]
        }
        arguments += request.options + ["--", container] + command
        let finished = try await start(arguments, request)
        try await check(finished)
        guard case .exited(let status) = finished.ending else { return 128 }
        // buildah ends with 1 where the runtime failed.
        let said = log.flatMap { (try? Files.read($0)) ?? nil } ?? []
        if status != 1 || !String(decoding: said, as: UTF8.self).contains("\"level\":\"error\"") { return status }
        await forgetAbilities(of: .runs)
        throw EngineError(
            .failed(status: 125), "cannot run \(request.image): buildah could not start the command, as it says above")
    }
}

extension RunRequest {
    /// The network that is asked for; nil for the engine's default.
    var chosenNetwork: String? { Engines.chosenNetwork(options) ?? network }

    /// What podman and docker call the same.
    var engineOptions: [String] {
        var result: [String] = []
        for mount in mounts {
            result += ["--volume", "\(mount.source):\(mount.target)\(mount.isReadOnly ? ":ro" : "")"]
        }
        for variable in environment { result += ["--env", "\(variable.name)=\(variable.value)"] }
        for name in passedEnvironment { result += ["--env", name] }
        if let user { result += ["--user", user] }
        if let workingDirectory { result += ["--workdir", workingDirectory] }
        return result
    }

    /// The same for buildah.
    func buildahOptions(environment variables: [String: String]) -> [String] {
        var result: [String] = []
        for mount in mounts {
            result += ["--volume", "\(mount.source):\(mount.target)\(mount.isReadOnly ? ":ro" : "")"]
        }
        for variable in environment { result += ["--env", "\(variable.name)=\(variable.value)"] }
        for name in passedEnvironment {
            if let value = variables[name] { result += ["--env", "\(name)=\(value)"] }
        }
        if let user { result += ["--user", user] }
        if let workingDirectory { result += ["--workingdir", workingDirectory] }
        return result
    }
}
