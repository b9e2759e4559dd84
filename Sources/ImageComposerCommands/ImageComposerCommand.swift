import ArgumentParser
import CommandSession
import SystemCalls

/// The program `image-composer`: OS images from templates.
public struct ImageComposerCommand: AsyncParsableCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "image-composer",
        abstract: "Build OS images from package lists, and only what changed.",
        discussion: """
            A template (docs/templates.md) names packages, users, files and disks. Packages, base trees and finished \
            images are kept for later builds (docs/image-composer.md).
            """,
        subcommands: [
            BuildCommand.self, ValidateCommand.self, ResolveCommand.self, InspectCommand.self, CacheCommand.self,
            ConfigCommand.self, VersionCommand.self,
        ])

    /// For the argument parser.
    public init() {}

    /// The name under which it was started: a link may have the tool's name that its users know.
    static var programName: String {
        let path = ProcessArguments.all.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return path.split(separator: "/").last == "os-image-composer" ? "os-image-composer" : "image-composer"
    }

    /// Runs the command line of this process and ends it.
    public static func runProgram() async -> Never {
        await CommandRunner(program: programName, groups: ["cache", "config"]).run(Self.self)
    }
}
