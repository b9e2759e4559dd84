import ArgumentParser
import Configuration

/// The flags that every command takes, before or after the command's name.
public struct GlobalOptions: ParsableArguments {
    @Option(
        name: .customShort("C"), parsing: .unconditional,
        help: ArgumentHelp("Run as if started in this folder.", valueName: "dir"))
    package var folder: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    package var config: String?

    @Option(help: ArgumentHelp("The container engine: podman, docker or buildah.", valueName: "engine"))
    package var engine: String?

    @Flag(help: "Short for --engine docker.")
    package var docker = false

    @Flag(help: "Write JSON to stdout.")
    package var json = false

    @Flag(name: .shortAndLong, help: "Say only what went wrong.")
    package var quiet = false

    @Flag(name: .shortAndLong, help: "Say more; twice for everything.")
    package var verbose: Int

    @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
    package var color: String?

    @Option(help: ArgumentHelp("Progress: auto, plain, tty, json or none.", valueName: "form"))
    package var progress: String?

    @Flag(help: "Open no network connection.")
    package var offline = false

    @Flag(name: .customLong("no-stage"), help: "Leave Git's index alone.")
    package var noStage = false

    @Flag(name: .customLong("no-cache"), help: "Build every step anew.")
    package var noCache = false

    @Flag(help: "Trust what the configuration wants of this machine, and remember it.")
    package var trust = false

    @Option(
        name: .customLong("lock-timeout"),
        help: ArgumentHelp("How long to wait for another command.", valueName: "seconds"))
    package var lockTimeout: String?

    /// For the argument parser.
    public init() {}

    /// What the flags say, for the configuration.
    public var overrides: Overrides {
        var overrides = Overrides()
        overrides.config = config
        overrides.engine = engine ?? (docker ? "docker" : nil)
        overrides.lockTimeout = lockTimeout
        overrides.offline = offline
        overrides.noStage = noStage
        overrides.noCache = noCache
        overrides.trust = trust
        return overrides
    }

    /// The flags that take a value.
    private static let valued: Set = [
        "-C", "--config", "--engine", "--color", "--progress", "--lock-timeout",
    ]

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
