import ArgumentParser
import CommandSession
import Git
import LFS
import SystemCalls

/// `cache-image lfs env`: where objects come from and go to, and what is configured.
struct LFSEnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Show the LFS servers, folders and settings in force.")

    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.end {
            try Session.changeFolder(global)
            let folder = try Files.currentFolder()
            let report =
                if let repository = try Repository.discover(from: folder) {
                    try EnvironmentReport(repository)
                } else {
                    try EnvironmentReport(outside: folder, environment: ProcessEnvironment.current)
                }
            if global.json {
                PlainOutput.print(try await report.document(version: LFSVersionCommand.text))
                return 0
            }
            for line in try await report.lines(version: LFSVersionCommand.text) { PlainOutput.print(line) }
            return 0
        }
    }
}
