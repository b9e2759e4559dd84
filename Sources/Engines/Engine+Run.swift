import Glibc
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// Runs a command in a new container, with our input and output, and removes the container.
    ///
    /// - Returns: the command's exit status as the engine passes it on: 126 and 127 where it cannot be started, 128 and
    ///   the signal's number where one ended it.
    /// - Throws: an `EngineError` where the engine itself failed.
    public func run(_ request: RunRequest) async throws -> Int32 {
        if kind == .buildah { return try await runWithBuildah(request) }
        let isTerminal = request.hasTerminal
        let container = "cache-image-\(getpid())-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        var arguments = ["run", "--rm", "--pull=never", "--name", container]
        if request.isInteractive { arguments.append("--interactive") }
        if isTerminal { arguments.append("--tty") }
        if kind == .podman { arguments += podmanOptions(request) }
        arguments += request.engineOptions
        let fixed = (kind == .podman ? try await runtimeOptions().global : []) + arguments
        let tail = request.options + request.operands(of: kind)
        var adapted = request.network.map { ["--network", $0] } ?? []
        if adapted.isEmpty, !request.setsNetwork, surroundings.fact("\(name).network") == "host" {
            adapted = ["--network", "host"]
        }
        while true {
            let options = fixed + adapted + tail
            let started = try await stopping(container) { try await start(options, request, isTerminal) }
            if started.isEngineFailure, let more = adaptation(to: started.finished, request, adapted) {
                adapted += more
                continue
            }
            if let status = started.status, !started.isEngineFailure { return status }
            return try self.status(started.finished, request)
        }
    }

    /// What to add to the options after a container could not be started; nil where nothing would help.
    private func adaptation(to finished: Finished, _ request: RunRequest, _ adapted: [String]) -> [String]? {
        if finished.lacksNetwork, !request.setsNetwork, !adapted.contains("--network") {
            say("\(name): running on the host's network, since the engine has none for containers")
            surroundings.remember("\(name).network", "host")
            return ["--network", "host"]
        }
        let hasLimits = request.options.contains { $0.hasPrefix("--ulimit") } || adapted.contains("--ulimit")
        if finished.says("error setting rlimit", "setrlimit"), !hasLimits {
            say("\(name): running with our own limits of files and processes, since they may not be raised here")
            return Self.limitOptions
        }
        return nil
    }

    /// Options that ask for no limits above our own.
    private static var limitOptions: [String] {
        let limits = Surroundings.ownLimits
        return [
            "--ulimit", "nofile=\(limits.files):\(limits.files)",
            "--ulimit", "nproc=\(limits.processes):\(limits.processes)",
        ]
    }

    private struct Started {
        let finished: Finished
        let status: Int32?
        let isEngineFailure: Bool
    }

    /// Runs the engine, passing its errors on as they come, but for those of an engine that could start nothing.
    private func start(_ arguments: [String], _ request: RunRequest, _ isTerminal: Bool) async throws -> Started {
        let relay = ErrorRelay()
        let finished = try await adapting { arguments, environment in
            try await execute(
                arguments, input: request.isInteractive ? .inherited : .none, output: .inherited,
                inheritingErrors: isTerminal, onErrors: { relay.take($0) }, environment: environment)
        }(arguments)
        var status: Int32?
        if case .exited(let code) = finished.ending { status = code }
        // The engine's own error stands first; the command's can be anything.
        let isOwn = !isTerminal && relay.isHeld && finished.isEngineError
        let isEngineFailure = isOwn && (status == 125 || status == 126 && finished.says("rlimit"))
        relay.finish(dropping: isEngineFailure)
        return Started(finished: finished, status: status, isEngineFailure: isEngineFailure)
    }

    private func status(_ finished: Finished, _ request: RunRequest) throws -> Int32 {
        if finished.says("no such image", "unable to find image", "did not resolve to an alias", "image not known") {
            throw EngineError(
                .noSuchImage, "cannot run \(request.image): \(finished.reason)", lastLines: finished.errorLines)
        }
        throw failure("run", request.image, finished)
    }

    /// The options that this machine needs: no limits above our own, no timers of a systemd that is not there.
    private func podmanOptions(_ request: RunRequest) -> [String] {
        guard environment["CONTAINER_HOST"] == nil else { return [] }
        var options: [String] = []
        if geteuid() == 0, !Surroundings.mayRaiseLimits, !request.options.contains(where: { $0.hasPrefix("--ulimit") })
        {
            options += Self.limitOptions
            say("podman: running with our own limits of files and processes, since they may not be raised here")
        }
        if !Files.exists("/run/systemd/private"), !request.options.contains(where: { $0.hasPrefix("--health") }) {
            options.append("--no-healthcheck")
        }
        return options
    }

    // MARK: buildah

    /// buildah has no `run` of images: a working container is made, used and removed.
    private func runWithBuildah(_ request: RunRequest) async throws -> Int32 {
        guard let image = try await image(request.image) else {
            throw EngineError(.noSuchImage, "cannot run \(request.image): buildah has no such image")
        }
        if !image.runtime.onBuild.isEmpty {
            throw EngineError(
                .failed(status: 0),
                "cannot run \(request.image): buildah would first run its ONBUILD triggers; use podman or docker")
        }
        let made = try await ask(["from", "--pull-never", image.id])
        guard made.isSuccess, let container = made.lines.last else { throw failure("run", request.image, made) }
        let status: Int32
        do {
            status = try await runWithBuildah(request, image, container)
        } catch {
            await removeContainer(container)
            throw error
        }
        await removeContainer(container)
        return status
    }

    private func runWithBuildah(_ request: RunRequest, _ image: EngineImage, _ container: String) async throws -> Int32
    {
        let command = request.command(entrypoint: image.runtime.entrypoint, cmd: image.runtime.cmd)
        let isTerminal = request.hasTerminal
        let runtime = try await runtimeOptions()
        var arguments = ["run"] + runtime.global
        if !runtime.build.isEmpty { arguments += ["--isolation", "chroot"] }
        arguments.append("--terminal=\(isTerminal)")
        arguments += request.buildahOptions(environment: environment)
        arguments += request.network.map { ["--network", $0] } ?? []
        arguments += request.options + ["--", container] + command
        let started = try await start(arguments, request, isTerminal)
        guard let code = started.status else { return try status(started.finished, request) }
        if started.finished.says("creating container for", "did not get container create message") {
            if started.finished.says("executable file not found", "no such file or directory") { return 127 }
            throw EngineError(
                .failed(status: code), "cannot run \(request.image): \(started.finished.reason)",
                lastLines: started.finished.errorLines)
        }
        return code
    }

    /// Removes a working container, even where this task was cancelled.
    private func removeContainer(_ container: String) async {
        await Task.detached { _ = try? await ask(["rm", container]) }.value
    }
}

extension Finished {
    /// Whether the last line is an error of the engine itself.
    var isEngineError: Bool {
        errorLines.contains { line in
            line.hasPrefix("Error: ") || line.hasPrefix("docker: ") || line.hasPrefix("unknown flag")
                || line.hasPrefix("See 'docker") || line.hasPrefix("invalid ")
        }
    }
}

extension RunRequest {
    /// Whether the caller's own options choose a network.
    var setsNetwork: Bool {
        options.contains { $0 == "--network" || $0.hasPrefix("--network=") || $0 == "--net" || $0.hasPrefix("--net=") }
    }

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
