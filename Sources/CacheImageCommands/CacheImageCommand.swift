import ArgumentParser
import CommandSession
import GitLFSCommands
import SystemCalls

/// The program `cache-image`.
public struct CacheImageCommand: ParsableCommand {
    /// The command's name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "cache-image",
        abstract: "Container images that travel with a Git repository.",
        discussion: """
            IMAGE is NAME or NAME:TAG of cache-image.yml; without one, a command is about all declared images.
            Every flag with one value has a variable CACHE_IMAGE_…, such as CACHE_IMAGE_ENGINE.
            """,
        version: VersionCommand.text,
        subcommands: [
            InitCommand.self, UpdateCommand.self, BuildCommand.self, SaveCommand.self, LoadCommand.self,
            StatusCommand.self,
            ExplainCommand.self, InputsCommand.self, BasesCommand.self, ListCommand.self, InfoCommand.self,
            HistoryCommand.self, VerifyCommand.self, CleanCommand.self, ExportCommand.self, ImportCommand.self,
            PushCommand.self, PullCommand.self, LFSCommand.self, EngineCommand.self, ConfigCommand.self,
            TrustCommand.self, DoctorCommand.self, UninstallCommand.self,
            CompletionCommand.self, VersionCommand.self,
        ])

    /// For the argument parser.
    public init() {}

    /// Runs the command line of this process and ends it.
    public static func runProgram() async -> Never {
        let runner = CommandRunner(program: "cache-image", groups: ["lfs", "config"], guest: LFSCommand.guest)
        await runner.run(Self.self)
    }
}
