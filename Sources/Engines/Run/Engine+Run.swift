import Glibc
import Hashing
import OCI
import Programs
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
        let sources = request.mounts.map(\.source)
        return try await withPlainPaths(sources + request.optionPaths.map(\.path)) { places in
            var named = request
            for (position, place) in places.prefix(sources.count).enumerated() { named.mounts[position].source = place }
            named.options = ArgumentPath.putting(
                places.dropFirst(sources.count), for: request.optionPaths, in: request.options)
            let secrets = request.secretEnvironment
            named.passedEnvironment += Set(secrets.map(\.name)).subtracting(request.passedEnvironment).sorted()
            let engine = with(secrets)
            let start = FileStatus.Time(seconds: FileStatus.Time.now.seconds - 1, nanoseconds: 0)
            do {
                let status = try await Unfinished.holdingContainers { try await engine.runNamed(named) }
                await giveBack(request, since: start)
                return status
            } catch {
                await giveBack(request, since: start)
                throw error
            }
        }
    }

    /// Runs a command whose mounts can stand in arguments.
    private func runNamed(_ request: RunRequest) async throws -> Int32 {
        await removeLeftovers()
        let abilities = try await abilities(of: .runs)
        let network = request.chosenNetwork
        guard abilities.gives(network) else { throw refusal("run \(request.title)", network) }
        if let shortcoming = abilities.shortcoming(network: network) {
            warnOfShortcoming("running \(request.title)", shortcoming)
        }
        let container = try await container(of: request)
        let note = RunNote(container, of: self)
        defer { note?.remove() }
        var call = RunCall(
            request: request, abilities: abilities, container: container, hasTerminal: request.hasTerminal,
            environment: environment, isRootless: isRootless)
        if let working = dialect.containers.working { return try await run(call, inWorkingContainer: working) }
        call.hasSystemd = Files.exists("/run/systemd/private")
        return try await run(call)
    }

    /// The container's name: one of our own, unless the options name it; one that is there is somebody else's.
    private func container(of request: RunRequest) async throws -> String {
        guard let name = request.chosenName, dialect.containers.working == nil, !name.isEmpty, !name.contains("/")
        else {
            return "cache-image-\(getpid())-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        }
        if try await ask(dialect.containers.inspect(name)).isSuccess {
            throw EngineError(
                .failed(status: 125), "cannot run \(request.title): \(self.name) has a container \(name) already",
                hint: "take --name out of the options, or remove that container")
        }
        return name
    }

    private func run(_ call: RunCall) async throws -> Int32 {
        let arguments = dialect.containers.run(call)
        let finished = try await stopping(call.container) { try await start(arguments, call.request) }
        return try await removing(call.container) { try await self.status(finished, call.request, call.container) }
    }

    /// Removes the container after `body`, however that ends.
    private func removing<Result>(_ container: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            await removeContainer(container)
            return result
        } catch {
            await removeContainer(container)
            throw error
        }
    }

    private func start(_ arguments: [String], _ request: RunRequest) async throws -> Finished {
        try await execute(
            arguments, input: request.isInteractive ? .inherited : .none, output: .inherited, inheritingErrors: true,
            environment: apiEnvironment, passesSignals: true)
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
        if status == 125 { throw try await startFailure(request, finished) }
        warn("cannot run \(request.title): \(name) could not start the command, as it says above", nil)
        return status
    }

    /// Whether a container's command was started, as the engine remembers it; so it counts where it does not.
    private func hasStarted(_ container: String) async throws -> Bool {
        guard let question = dialect.containers.startedAt else { return true }
        let answer = try await ask(question(container))
        let time = answer.lines.first?.trimmed ?? ""
        return answer.isSuccess && !time.isEmpty && !time.hasPrefix("0001-01-01")
    }

    /// The error of a container that the engine could not start; the engine's own words were shown already.
    private func startFailure(_ request: RunRequest, _ finished: Finished) async throws -> EngineError {
        try await check(finished)
        if try await !exists(request.image) {
            return EngineError(.noSuchImage, "cannot run \(request.title): \(name) has no such image")
        }
        return EngineError(
            .failed(status: 125), "cannot run \(request.title): \(name) could not start the container, as it says above"
        )
    }

    // MARK: Working containers

    /// Where no images are run: a working container is made, used and removed.
    private func run(_ call: RunCall, inWorkingContainer working: WorkingVerbs) async throws -> Int32 {
        let request = call.request
        guard let image = try await image(request.image) else {
            throw EngineError(.noSuchImage, "cannot run \(request.title): \(name) has no such image")
        }
        if !image.runtime.onBuild.isEmpty {
            throw EngineError(
                .failed(status: 0),
                "cannot run \(request.title): \(name) would first run its ONBUILD triggers; use podman or docker")
        }
        let made = try await ask(working.make(call.container, image.id))
        guard made.isSuccess else { throw failure("run", request.title, made) }
        return try await removing(call.container) { try await run(call, of: image.runtime) }
    }

    private func run(_ call: RunCall, of image: RuntimeConfig) async throws -> Int32 {
        let request = call.request
        var call = call
        call.image = image
        let passed = request.passedEnvironment.filter { environment[$0] != nil }
        if !passed.isEmpty, let working = dialect.containers.working {
            let given = try await ask(working.pass(passed, call.container))
            guard given.isSuccess else { throw failure("run", request.image, given) }
        }
        // The runtime writes there, and nobody else, why it could not start the command.
        let scratch = try? Files.createTemporaryDirectory(in: PlainPath.temporaryFolder(environment))
        defer { if let scratch { try? Files.removeTree(scratch) } }
        call.runtimeLog = scratch?.appending("runtime")
        let finished = try await start(dialect.containers.run(call), request)
        try await check(finished)
        guard case .exited(let status) = finished.ending else { return 128 }
        // It ends with 1 where the runtime failed.
        let said = call.runtimeLog.flatMap { (try? Files.read($0)) ?? nil } ?? []
        if status != 1 || !String(decoding: said, as: UTF8.self).contains("\"level\":\"error\"") { return status }
        await forgetAbilities(of: .runs)
        throw EngineError(
            .failed(status: 125), "cannot run \(request.title): \(name) could not start the command, as it says above")
    }
}
