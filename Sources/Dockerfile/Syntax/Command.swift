/// An instruction that was found to be well-formed.
enum Command: Sendable {
    case from(base: String, name: String?, platform: String)
    case argument([(name: String, value: String?)])
    case environment([Pair])
    case label([Pair])
    case maintainer(String)
    case copy(CopyCommand)
    case run(RunCommand)
    case workingDirectory(String)
    case user(String)
    case stopSignal(String)
    case command(CommandLine)
    case entrypoint(CommandLine)
    case healthcheck(PlannedConfig.Healthcheck)
    case expose([String])
    case volume([String])
    case shell([String])
    case onBuild(String)

    /// A name and a value, neither expanded.
    struct Pair: Sendable {
        let name: String
        let value: String
    }

    /// Arguments in JSON form, or one text for the shell.
    struct CommandLine: Sendable {
        let arguments: [String]
        let usesShell: Bool
    }

    /// COPY or ADD.
    struct CopyCommand: Sendable {
        let isAdd: Bool
        var paths: [String] = []
        var inline: [(name: String, data: String, expands: Bool)] = []
        let destination: String
        let from: String
        let flags: FlagSet
    }

    /// RUN.
    struct RunCommand: Sendable {
        let line: CommandLine
        let heredocs: [Instruction.Heredoc]
        let mounts: [[String]]
        let network: String
        let security: String
        let devices: [[String: String]]
    }
}

/// A command at its place in the file.
struct Step: Sendable {
    let command: Command
    let startLine: Int
    let endLine: Int
    /// The joined line.
    let text: String
}
