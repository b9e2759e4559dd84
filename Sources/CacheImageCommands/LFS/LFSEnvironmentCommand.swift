import ArgumentParser
import LFS

/// `cache-image lfs env`: where objects come from and go to, and what is configured.
struct LFSEnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Show the LFS servers, folders and settings in force.")

    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            let report = try EnvironmentReport(session.repository, in: session.folder)
            if global.json {
                LFSSession.print(try await report.document(version: LFSVersionCommand.text))
                return 0
            }
            for line in try await report.lines(version: LFSVersionCommand.text) { LFSSession.print(line) }
            return 0
        }
    }
}
