import ArgumentParser
import CommandSession
import Console

/// `cache-image completion`: a script for a shell.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for bash, zsh or fish.")

    @Argument(help: "bash, zsh or fish.") var shell: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            let known = CompletionShell.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, "cannot complete for \(shell): use \(known)")
        }
        let terminal = try Session.terminal(global, program: "cache-image")
        terminal.data(Array((CacheImageCommand.completionScript(for: shell) + "\n").utf8))
        try terminal.finish()
    }
}
