import ArgumentParser
import CommandSession
import Configuration
import Console
import Engines
import ImageCache

/// The program `run-tests`: brings a level's image up to date and runs the level's command in it.
public struct RunTestsCommand: AsyncParsableCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "run-tests",
        abstract: "Bring a test level's image up to date and run the level in it.",
        usage: "run-tests [<options>] [<level>] [-- <args> ...]",
        discussion: """
            LEVEL is one of those that cache-image.yml declares; `all`, the default, runs every level in order unless it \
            is declared. ARGS follow the level's command; where it has none, they take the place of the image's CMD. \
            The exit status is that of the test command; 125 is a failure of run-tests itself.
            """)

    @Argument(help: "The level to run.") var level = "all"
    @Argument(parsing: .postTerminator, help: ArgumentHelp("Appended to the level's command.", valueName: "args"))
    var arguments: [String] = []

    @Flag(help: "Rebuild the image first.") var rebuild = false
    @Flag(help: "Never build, save or stage: an image that is not up to date is an error.") var frozen = false
    @Flag(name: [.customShort("i"), .long], help: "Let the test command read standard input, terminal or not.")
    var interactive = false
    @Flag(help: "List the levels.") var list = false
    @Flag(
        help: """
            Open a shell in the level's image, with its mounts, variables, user and folder; without LEVEL in the first \
            that runs in a container. ARGS are the shell's.
            """)
    var shell = false
    @Option(name: .of(.type), parsing: .unconditional, help: .of(.type)) var type: String?
    @Option(name: .of(.tag), parsing: .unconditional, help: .of(.tag)) var tag: String?
    @Option(name: .of(.buildArgument), parsing: .unconditionalSingleValue, help: .of(.buildArgument))
    var buildArguments: [String] = []
    @Option(name: .customLong("log-level"), parsing: .unconditional, help: "Sets LOG_LEVEL for the test command.")
    var logLevel: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: """
            Further options of the engine's run, split as a shell splits words; may be repeated; paths are relative to \
            the folder of cache-image.yml.
            """)
    var options: [String] = []
    @OptionGroup var storing: StoringOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// For the argument parser.
    public init() {}

    /// Runs the command line of this process and ends it.
    public static func runProgram() async -> Never {
        let runner = CommandRunner(program: "run-tests", onlyStatus: 125)
        await runner.run(Self.self)
    }

    /// Runs the level, or lists the levels.
    public func run() async throws {
        let session = try Session(global, program: "run-tests") { overrides in
            overrides[.type] = type
            overrides[.tag] = tag
            storing.apply(to: &overrides)
            overrides[all: .buildArgument] = buildArguments
        }
        let levels = session.configuration.levels
        if list {
            if shell { throw Failure(.usage, "cannot use --list with --shell: it lists every level") }
            if level != "all" || !arguments.isEmpty {
                throw Failure(
                    .usage, "cannot use --list with \(level == "all" ? arguments[0] : level): it lists every level",
                    hint: "run-tests --list")
            }
            if session.terminal.options.isJSON {
                session.terminal.json(.strings(levels.map(\.name)))
            } else {
                for level in levels { session.terminal.line(level.name) }
            }
            for level in levels {
                guard let mistake = level.mistake else { continue }
                session.terminal.warning("level \(level.name): \(mistake)", hint: mistake.hint)
            }
            return try session.terminal.finish()
        }
        if rebuild, frozen {
            throw Failure(.usage, "cannot use --rebuild with --frozen: a frozen run never builds")
        }
        let runner = LevelRunner(
            session: session, rebuilds: rebuild, isFrozen: frozen, isInteractive: interactive,
            logLevel: Session.value("--log-level", logLevel),
            options: try (options.isEmpty ? [Session.value("--options", nil)].compactMap { $0 } : options)
                .flatMap { try RunOptions.split($0) })
        let hasFile = session.configuration.file != nil
        let status =
            shell
            ? try await runner.runShell(
                in: try chosenForShell(from: levels, hasFile: hasFile), arguments: arguments)
            : try await runner.run(try chosen(from: levels, hasFile: hasFile), arguments: arguments)
        try session.terminal.finish()
        throw ArgumentParser.ExitCode(status)
    }

    /// The level to open a shell in.
    func chosenForShell(from levels: [TestLevel], hasFile: Bool = true) throws -> TestLevel {
        if let declared = levels.first(where: { $0.name == level }) { return declared }
        if level == "all" { return try ShellLevel.first(of: levels) }
        return try chosen(from: levels, hasFile: hasFile)[0]
    }

    /// The levels to run, in order.
    func chosen(from levels: [TestLevel], hasFile: Bool = true) throws -> [TestLevel] {
        if let declared = levels.first(where: { $0.name == level }) { return [declared] }
        let names = levels.map(\.name).joined(separator: ", ")
        guard !levels.isEmpty else {
            throw Failure(
                .usage, "cannot run level \(level): the configuration declares no test levels",
                hint: hasFile
                    ? "write them under tests: levels: in cache-image.yml"
                    : "cache-image init writes a cache-image.yml with the test commands that it finds")
        }
        guard level == "all" else {
            throw Failure(
                .usage, "cannot run level \(level): it is not declared", hint: "declared levels are \(names)")
        }
        if !arguments.isEmpty {
            throw Failure(
                .usage, "cannot append arguments to all levels", hint: "name one of \(names)")
        }
        return levels
    }
}
