import ArgumentParser
import Configuration
import Console
import Engines
import Git
import Glibc
import ImageCache
import JSON
import OCI
import Programs
import SystemCalls
import SystemPackage

/// What a command works with: the terminal, the configuration, and the cache it describes.
public final class Session {
    /// Where the command writes.
    public let terminal: Terminal
    /// What flags, variables and file say together.
    public let configuration: ProjectConfiguration
    /// The cache.
    public let cache: CacheWorkspace

    private var firstStatus: Console.ExitCode?
    private var reported: [ImageName: Failure] = [:]
    /// The images that this command has stored.
    var stored: [ImageDeclaration] = []

    /// Reads flags, variables and configuration; the process moves to the folder of `-C` first.
    ///
    /// - Parameters:
    ///   - options: The flags that every command takes.
    ///   - program: The program's name.
    ///   - needsConfiguration: Whether the command is about what a configuration declares.
    ///   - isThere: Whether the process stands in the folder of `-C` already.
    ///   - apply: Adds what the command's own flags say.
    public init(
        _ options: GlobalOptions, program: String = "cache-image", needsConfiguration: Bool = true,
        isThere: Bool = false, apply: (inout Overrides) -> Void = { _ in }
    ) throws {
        let given = ProcessEnvironment.current
        let terminal = try Session.terminal(options, program: program)
        try SharedLibrary.crypto.load()
        if !isThere { try Session.changeFolder(options) }
        var overrides = options.overrides
        apply(&overrides)
        self.terminal = terminal
        // The one look for a repository: configuration, cache and children see what it found.
        let folder = try ConfigurationFile.currentFolder()
        let place = try RepositoryPlace.find(
            from: ConfigurationFile.searchFolder(overrides, from: folder, environment: given), current: folder,
            environment: given)
        let checkout = CheckoutView(place)
        do {
            let loaded = try ProjectConfiguration.load(
                overrides, from: folder, workTree: place?.workTree, environment: given,
                refusal: checkout.refusal)
            if needsConfiguration, loaded.selected.isEmpty, loaded.file == nil,
                let outside = Session.outside(program)
            {
                throw outside
            }
            configuration = loaded
            if let warning = loaded.warning { terminal.warning(warning) }
        } catch let error as ConfigurationError {
            // No image is found where no file is looked for.
            let isNamed = FlagValues(environment: given).value(CommandFlag.config.name, overrides[.config]) != nil
            if place?.workTree == nil, !isNamed, let outside = Session.outside(program) { throw outside }
            throw error
        }
        cache = try CacheWorkspace(
            configuration, in: checkout, environment: place?.environment ?? given, events: Session.events(on: terminal))
    }

    /// The refusal of a configuration in the current folder that is not looked for; nil where there is none.
    private static func outside(_ program: String) -> Failure? {
        let name = ConfigurationFile.name
        guard Files.exists(FilePath(name)) else { return nil }
        let words = ["--config", name] + ProcessArguments.words.map(SecretName.masked(word:))
        return Failure(
            .usage, "cannot use \(name): it lies outside a Git repository",
            hint: ([program] + words.map { ShellWord.quoted($0) }).joined(separator: " "))
    }

    /// Why a file must not be taken for missing, where Git tracks it and the work tree lacks it.
    package static func refusal(in repository: Repository) -> (FilePath) -> ConfigurationError? {
        CheckoutView(repository).refusal
    }

    /// The terminal that the flags ask for.
    public static func terminal(_ options: GlobalOptions, program: String) throws -> Terminal {
        let environment = ProcessEnvironment.current
        let display = try DisplayOptions(
            color: options.color, progress: options.progress, isQuiet: options.quiet, verbosity: options.verbose,
            isJSON: options.json, environment: environment)
        return Terminal(display, program: program, environment: environment)
    }

    /// The value of a flag that belongs to one command, else of its variable (`--rev` is `CACHE_IMAGE_REV`).
    public static func value(_ flag: String, _ given: String?) -> String? {
        FlagValues(environment: ProcessEnvironment.current).value(flag, given)?.value
    }

    /// Moves the process to the folder of `-C`.
    package static func changeFolder(_ options: GlobalOptions) throws {
        guard let folder = options.folder else { return }
        _ = ProgramFile.current
        if chdir(folder) != 0 {
            let reason = String(cString: strerror(errno))
            throw Failure(.usage, "cannot change to folder \(folder): \(reason)")
        }
    }

    /// Notes in the journal what became of an image, and shows a failure at once; `forEachImage` counts it.
    package func hear(_ result: ImageResult) {
        note(result)
        if case .failure(let error) = result.result {
            reported[result.image.name] = report(error, about: result.image)
        }
    }

    /// Notes how the program is to end; the first that is noted decides.
    package func noteStatus(_ code: Console.ExitCode?) {
        firstStatus = firstStatus ?? code
    }

    /// Shows an error about an image, unless it was shown before.
    private func report(_ error: any Error, about image: ImageDeclaration) -> Failure {
        if let failure = reported[image.name] { return failure }
        let failure = Failure(describing: error)
        showLog(of: error, building: image)
        terminal.report(failure)
        return failure
    }

    /// Runs `body` for every selected image; the status is that of the first failure in declared order.
    ///
    /// What `body` returns is one element of the JSON document that `--json` asks for.
    ///
    /// - Parameters:
    ///   - isList: Whether that document is a list; else it is the one element.
    ///   - body: Does what is to be done about an image.
    public func forEachImage(
        isList: Bool = true, _ body: (ImageDeclaration) async throws -> JSONValue
    ) async throws {
        let images = try configuration.selectedImages()
        var elements: [JSONValue] = []
        for image in images {
            do {
                elements.append(try await body(image))
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = report(error, about: image)
                noteStatus(failure.code)
                elements.append(["image": .string(image.name.description), "error": .string(failure.message)])
            }
        }
        try await keepLimits()
        if terminal.options.isJSON { terminal.json(isList ? .array(elements) : elements.first ?? .null) }
        try terminal.finish()
        try end()
    }

    /// Ends a command whose output is written: with the status that was noted first, where one was.
    package func end() throws {
        if let firstStatus { throw ArgumentParser.ExitCode(firstStatus.rawValue) }
    }

    /// Shows the last lines of a build that failed, and where the rest is.
    public func showLog(of error: any Error, building image: ImageDeclaration) {
        if case CacheError.baseFailed(_, let base, let error) = error {
            // That of a base image is shown once.
            if let base = configuration.images.first(where: { $0.name.description == base }), reported[base.name] == nil
            {
                showLog(of: error, building: base)
            }
            return
        }
        guard let error = error as? EngineError, case .buildFailed = error.kind else { return }
        // Where the engine said nothing, it was not asked.
        if error.lastLines.isEmpty { return }
        for line in error.lastLines.suffix(20) { terminal.note("  \(line)") }
        terminal.note("the whole log is \(cache.logPath(of: image))")
    }

    private static func events(on terminal: Terminal) -> CacheEvents {
        let bar = ProgressDisplay(terminal)
        let build = BuildDisplay(terminal)
        var events = CacheEvents()
        events.detail = { terminal.detail($0) }
        events.note = { terminal.note($0) }
        events.warning = { terminal.warning($0, hint: $1) }
        events.reasons = { image, reasons in
            terminal.note("\(image) is not up to date:")
            for line in ReasonList.lines(reasons, isComplete: terminal.options.verbosity > 0) {
                terminal.note("  " + line)
            }
        }
        events.engineOutput = { build.show($0) }
        events.buildEnded = { build.finish() }
        events.progress = { bar.show($0) }
        events.ask = { try TrustDialogue(terminal).ask($0) }
        return events
    }
}
