import ArgumentParser
import CommandSession
import Console
import JSON
import Records

/// `cache-image version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of the program.")

    /// What `version` and `--version` print.
    static let text = "cache-image \(ProgramVersion.number)"

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let terminal = try Session.terminal(global, program: "cache-image")
        if global.json {
            terminal.json(["version": .string(ProgramVersion.number), "key": .string(InputsRecord.currentAlgorithm)])
        } else {
            terminal.line(Self.text)
        }
        try terminal.finish()
    }
}
