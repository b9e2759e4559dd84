import CommandSession
import Configuration
import Console
import Engines
import Glibc
import ImageCache
import OCI
import SystemCalls

/// Runs test levels one after the other, each image brought up to date before its first level.
struct LevelRunner {
    let session: Session
    let rebuilds: Bool
    let isFrozen: Bool
    let logLevel: String?
    let options: [String]

    /// Runs levels in order; the status of the first that fails, else 0.
    ///
    /// Nothing runs where one of them cannot.
    func run(_ levels: [TestLevel], arguments: [String]) async throws -> Int32 {
        let images = try levels.map { level in
            if let mistake = level.mistake {
                throw levels.count == 1
                    ? mistake
                    : ConfigurationError("cannot run level \(level.name): \(mistake)", hint: mistake.hint)
            }
            return try declaration(of: level)
        }
        var prepared: Set<ImageName> = []
        for (level, image) in zip(levels, images) {
            if !level.idleKeys.isEmpty {
                session.terminal.warning(
                    "level \(level.name) runs on the host: no effect has \(level.idleKeys.joined(separator: ", "))")
            }
            if prepared.insert(image.name).inserted { try await prepare(image) }
            let status =
                level.place == .host
                ? try await runOnHost(level, image, arguments) : try await runInContainer(level, image, arguments)
            if status != 0 {
                if levels.count > 1 { session.terminal.note("level \(level.name) failed with status \(status)") }
                return status
            }
        }
        return 0
    }

    private func declaration(of level: TestLevel) throws -> ImageDeclaration {
        guard let name = level.image else {
            throw Failure(
                .usage, "cannot run level \(level.name): no image is declared for it", hint: "set tests: image:")
        }
        guard let image = session.configuration.images.first(where: { $0.name == name }) else {
            throw Failure(.usage, "cannot run level \(level.name): image \(name) is not declared")
        }
        return image
    }

    /// Brings an image up to date; an entry that could not be staged is a warning here.
    private func prepare(_ image: ImageDeclaration) async throws {
        let outcome: Outcome
        do {
            outcome =
                rebuilds
                ? try await session.cache.build(image) : try await session.cache.update(image, isFrozen: isFrozen)
        } catch {
            session.showLog(of: error, building: image)
            throw error
        }
        session.terminal.detail(outcome.line)
        if let reason = outcome.stagingFailure {
            session.terminal.warning(
                "the entry of \(image.name) is not staged: \(reason)", hint: "cache-image update \(image.name)")
        }
    }

    /// The variables of a level's command: declared ones, those passed on, and the log level.
    private func variables(of level: TestLevel) -> [String: String] {
        var variables = level.environment
        let own = ProcessEnvironment.current
        for name in level.passedEnvironment {
            if let value = own[name] { variables[name] = value }
        }
        if let logLevel { variables["LOG_LEVEL"] = logLevel }
        return variables
    }

    private func runInContainer(
        _ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]
    ) async throws -> Int32 {
        let engine = try await session.cache.engine()
        let held = try await session.cache.held(image)
        let command = level.command + arguments
        if level.entrypoint == nil, let own = held?.runtime, own.entrypoint ?? [] == [],
            command.isEmpty, own.cmd ?? [] == []
        {
            throw Failure(
                .usage, "cannot run level \(level.name): \(image.name) has neither ENTRYPOINT nor CMD",
                hint: "write a command below tests.levels.\(level.name)")
        }
        var request = RunRequest(image: held?.id ?? image.name.description, command: command)
        request.title = "level \(level.name) in \(image.name)"
        request.entrypoint = level.entrypoint
        request.usesTerminal = level.usesTerminal
        request.environment = variables(of: level).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        request.workingDirectory = level.workingDirectory
        request.network = level.network
        request.options = level.mounts.flatMap { ["--volume", $0.argument] } + level.options + options
        switch level.user {
        case .image: break
        case .host: request.user = "\(getuid()):\(getgid())"
        case .named(let user): request.user = user
        }
        return try await engine.run(request)
    }

    private func runOnHost(
        _ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]
    ) async throws -> Int32 {
        var variables = variables(of: level)
        let held = try await session.cache.held(image)
        variables["CACHE_IMAGE_REF"] = held?.names.first ?? image.name.description
        return try await HostCommand.run(
            level.command + arguments, variables: variables, surroundings: session.cache.environment,
            in: level.workingDirectory.map { session.configuration.root.pushing(.init($0)) }
                ?? session.configuration.root)
    }
}
