import ArgumentParser
import CommandSession
import Console

/// `cache-image uninstall`: takes out of a repository what this program set there.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take filters, hook and lines of .gitattributes out of this repository again.",
        discussion: """
            Shows what it would do, and asks. The lines of .gitattributes stay while Git holds archives by them: --tars \
            makes these plain files first, and takes them out of Git's index. No LFS object is removed. What else stays is \
            named, with the command that removes it (docs/adopting.md).
            """)

    @Flag(help: "Make the archives of the cache plain files, outside of LFS and of Git's index.") var tars = false
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @Flag(name: .customLong("dry-run"), help: "Only show what would be done.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global, needsConfiguration: false)
        let removal = try ProjectRemoval(session, makesTars: tars)
        let terminal = session.terminal
        if removal.isEmpty || dryRun {
            removal.show(isDone: false)
            return try terminal.finish()
        }
        let confirmation = Confirmation(terminal)
        if !yes, terminal.options.isJSON || !confirmation.isPossible {
            removal.show(isDone: false)
            try terminal.finish()
            throw Failure(
                .usage, "cannot ask whether to do this: standard input is no terminal",
                hint: "cache-image uninstall --yes does it, --dry-run only shows it")
        }
        if !terminal.options.isJSON { removal.show(isDone: false) }
        if !yes, try !confirmation.ask("Do this?") {
            terminal.note("nothing was changed")
            return try terminal.finish()
        }
        try await removal.run()
        if terminal.options.isJSON { removal.show(isDone: true) }
        try terminal.finish()
    }
}
