import CommandSession
import Configuration
import Console
import Engines
import Glibc
import ImageCache
import OCI
import SystemCalls
import SystemPackage

/// What a level's command is, where it runs.
extension LevelRunner {
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
    func containerCommand(
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
        request.imageUser = held?.runtime.user
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
        case .host: (request.user, request.isCaller) = ("\(getuid()):\(getgid())", true)
        case .named(let user): request.user = user
        }
        return { [request] in try await engine.run(request) }
    }

    /// What runs a level's command on the host.
    func hostCommand(
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
