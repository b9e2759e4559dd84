import ArgumentParser
import Configuration

/// The flags that every command takes, before or after the command's name.
public struct GlobalOptions: ParsableArguments {
    /// The folder that the command runs in.
    @Option(
        name: .customShort("C"), parsing: .unconditional,
        help: ArgumentHelp("Run as if started in this folder.", valueName: "dir"))
    var folder: String?

    /// The configuration file.
    @Option(name: .of(.config), parsing: .unconditional, help: .of(.config))
    package var config: String?

    /// The container engine.
    @Option(name: .of(.engine), parsing: .unconditional, help: .of(.engine))
    var engine: String?

    /// Whether docker is the engine.
    @Flag(help: "Short for --engine docker.")
    var docker = false

    /// Whether stdout gets JSON.
    @Flag(help: "Write JSON to stdout.")
    package var json = false

    /// Whether only failures are told.
    @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
    var quiet = false

    /// How much more is told.
    @Flag(name: .shortAndLong, help: "Print more; twice for everything.")
    package var verbose: Int

    /// Whether there are colours.
    @Option(name: .of(.color), parsing: .unconditional, help: .of(.color))
    var color: String?

    /// The form of the progress.
    @Option(name: .of(.progress), parsing: .unconditional, help: .of(.progress))
    var progress: String?

    /// Whether the network is left alone.
    @Flag(name: .of(.offline), help: .of(.offline))
    package var offline = false

    /// Whether Git's index is left alone.
    @Flag(name: .of(.noStage), help: .of(.noStage))
    var noStage = false

    /// Whether every step is built anew.
    @Flag(name: .of(.noCache), help: .of(.noCache))
    var noCache = false

    /// Whether the configuration is trusted with what it wants.
    @Flag(name: .of(.trust), help: .of(.trust))
    var trust = false

    /// How long another command is waited for, in seconds.
    @Option(name: .of(.lockTimeout), parsing: .unconditional, help: .of(.lockTimeout))
    var lockTimeout: String?

    /// For the argument parser.
    public init() {}

    /// What the flags say, for the configuration.
    public var overrides: Overrides {
        var overrides = Overrides()
        overrides[.config] = config
        overrides[.engine] = engine ?? (docker ? "docker" : nil)
        overrides[.lockTimeout] = lockTimeout
        overrides.give(.offline, if: offline)
        overrides.give(.noStage, if: noStage)
        overrides.give(.noCache, if: noCache)
        overrides.give(.trust, if: trust)
        return overrides
    }

    /// The flags that take a value.
    private static let valued = Set(
        ["-C"] + [CommandFlag.config, .engine, .color, .progress, .lockTimeout].map(\.name))

    /// Moves global flags that stand before the command's name behind it, where the parser looks for them.
    static func hoisted(_ arguments: [String], groups: Set<String>) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first, first.hasPrefix("-"), first != "--", first != "--help", first != "-h",
            first != "--version"
        {
            leading.append(rest.removeFirst())
            if valued.contains(first), let value = rest.popFirst() { leading.append(value) }
        }
        guard !leading.isEmpty, let command = rest.popFirst() else { return arguments }
        var path = [command]
        if groups.contains(command), let verb = rest.first, !verb.hasPrefix("-") {
            path.append(verb)
            rest.removeFirst()
        }
        return path + leading + rest
    }
}
