import CommandSession
import Configuration
import Console
import Engines
import Glibc
import ImageCache
import OCI
import SystemCalls
import SystemPackage

/// Runs test levels one after the other, once their images are up to date.
struct LevelRunner {
    let session: Session
    let rebuilds: Bool
    let isFrozen: Bool
    let isInteractive: Bool
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
            try level.check(options: options, .flag("--options"), root: session.configuration.root)
            return try declaration(of: level)
        }
        try session.cache.trust.require(levels.compactMap { session.configuration.question(about: $0) })
        let prepared = try await prepare(images)
        for (level, image) in zip(levels, images) {
            if !level.idleKeys.isEmpty {
                session.terminal.warning(
                    "level \(level.name) runs on the host: no effect has \(level.idleKeys.joined(separator: ", "))")
            }
            try check(prepared[image.name], image)
            let status = try await runInTime(level, image, arguments)
            if status != 0 {
                if levels.count > 1 { session.terminal.note("level \(level.name) failed with status \(status)") }
                return status
            }
        }
        return 0
    }

    /// Opens a shell in the place of a level's command; its status.
    func runShell(in level: TestLevel, arguments: [String]) async throws -> Int32 {
        if let mistake = level.mistake { throw mistake }
        let shell = try ShellLevel.of(level)
        let root = session.configuration.root
        try shell.check(options: level.options, .flag("--shell"), root: root)
        try shell.check(options: options, .flag("--options"), root: root)
        let image = try declaration(of: level)
        try session.cache.trust.require([session.configuration.question(about: level)].compactMap { $0 })
        try check(try await prepare([image])[image.name], image)
        session.terminal.note("a shell in \(image.name), as level \(level.name) runs in it")
        return try await runInTime(shell, image, arguments)
    }

    /// Fails where an image could not be brought up to date.
    private func check(_ result: Result<Outcome, any Error>?, _ image: ImageDeclaration) throws {
        guard case .failure(let error) = result else { return }
        session.showLog(of: error, building: image)
        throw error
    }

    /// Runs a level's command; 124 where it took longer than the level allows, and was ended.
    private func runInTime(_ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]) async throws -> Int32 {
        let command =
            level.place == .host
            ? try await hostCommand(level, image, arguments) : try await containerCommand(level, image, arguments)
        if let status = try await LevelTimeout(seconds: level.timeout).run(command) { return status }
        let limit = Quantity.duration(.seconds(level.timeout ?? 0))
        session.terminal.report(
            Failure(
                .timedOut, "cannot wait for level \(level.name) any longer: its timeout of \(limit) is over",
                hint: "tests.levels.\(level.name).timeout in cache-image.yml sets it"))
        return Console.ExitCode.timedOut.rawValue
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

    /// Brings images up to date, all before the first level: a build may make another one stale.
    ///
    /// One that fails is an error of its first level. An entry that could not be staged is a warning here.
    private func prepare(_ images: [ImageDeclaration]) async throws -> [ImageName: Result<Outcome, any Error>] {
        var wanted: [ImageDeclaration] = []
        for image in images where !wanted.contains(where: { $0.name == image.name }) { wanted.append(image) }
        let results = try await session.cache.updater.update(
            wanted, isFrozen ? .frozen : rebuilds ? .rebuilt : .current, heard: { session.note($0) })
        for case .success(let outcome) in results.map(\.result) { session.showOnTheWay(outcome) }
        try await session.keepLimits()
        return Dictionary(results.map { ($0.image.name, $0.result) }) { $1 }
    }

    /// The variables of a level's command that have a value here: declared ones, and the log level.
    private func variables(of level: TestLevel) -> [String: String] {
        var variables = level.environment
        if let logLevel { variables["LOG_LEVEL"] = logLevel }
        return variables
    }

    /// The names of the caller's variables that the command gets; the log level goes before one of them.
    private func passedVariables(of level: TestLevel) -> [String] {
        let own = ProcessEnvironment.current
        return Set(level.passedEnvironment).filter { own[$0] != nil && ($0 != "LOG_LEVEL" || logLevel == nil) }.sorted()
    }

    /// Whether the command reads this process' input: a terminal, or where it is asked for.
    ///
    /// Otherwise a level would swallow what others are to read: the lines of a hook, of a loop in a script.
    private func readsInput(_ level: TestLevel) -> Bool {
        isInteractive || level.isInteractive || isatty(STDIN_FILENO) == 1
    }

    /// What runs a level's command in a container.
    private func containerCommand(
        _ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]
    ) async throws -> @Sendable () async throws -> Int32 {
        let engine = try await session.cache.engines.engine()
        let held = try await session.cache.images.held(image)
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
        // Only the names of the caller's variables are said: what any user sees of a program is its arguments.
        request.passedEnvironment = passedVariables(of: level)
        let passed = Set(request.passedEnvironment)
        request.environment = variables(of: level).filter { !passed.contains($0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
        request.workingDirectory = level.workingDirectory
        request.network = level.network
        request.isInteractive = readsInput(level)
        for mount in level.mounts {
            let source: FilePath =
                switch mount.source {
                case .path(let path): path
                case .volume(let name): FilePath(name)
                }
            request.mounts.append(.init(source: source, target: mount.target, options: mount.options))
        }
        let given = EngineOptions.takingSecrets(from: options)
        request.secretEnvironment = given.secrets
        let options = EngineOptions(level.options + given.words, of: .run, root: session.configuration.root)
        (request.options, request.optionPaths) = (options.words, options.relativePaths)
        switch level.user {
        case .image: break
        case .host: request.user = "\(getuid()):\(getgid())"
        case .named(let user): request.user = user
        }
        return { [request] in try await engine.run(request) }
    }

    /// What runs a level's command on the host.
    private func hostCommand(
        _ level: TestLevel, _ image: ImageDeclaration, _ arguments: [String]
    ) async throws -> @Sendable () async throws -> Int32 {
        var variables = variables(of: level)
        let own = ProcessEnvironment.current
        for name in passedVariables(of: level) { variables[name] = own[name] }
        let held = try await session.cache.images.held(image)
        variables["CACHE_IMAGE_REF"] = held?.names.first ?? image.name.description
        let (surroundings, readsInput) = (session.cache.environment, readsInput(level))
        let root = session.configuration.root
        let folder = level.workingDirectory.map { root.pushing(.init($0)) } ?? root
        return { [variables] in
            try await HostCommand.run(
                level.command + arguments, variables: variables, surroundings: surroundings, readsInput: readsInput,
                in: folder)
        }
    }
}
