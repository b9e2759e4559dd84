import Adoption
import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import SystemPackage

/// `cache-image init`: makes a repository one that caches its images.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a cache-image.yml and what belongs to it, from what the repository holds.",
        discussion: """
            Looks for Dockerfiles, compose files and test commands, shows what it would write, and asks. It adds lines to \
            .gitattributes, .gitignore and .dockerignore, writes two small scripts (bin/cache-image, bin/run-tests), and \
            takes over archives that scripts left in docker-cache/. Nothing else is changed, and a second run changes \
            nothing (docs/adopting.md).
            """)

    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @Flag(name: .customLong("dry-run"), help: "Only show what would be written.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global, needsConfiguration: false)
        let adoption = try ProjectAdoption(session)
        let terminal = session.terminal
        if adoption.isEmpty || dryRun {
            adoption.show(isDone: false)
            return try terminal.finish()
        }
        let confirmation = Confirmation(terminal)
        if !yes, terminal.options.isJSON || !confirmation.isPossible {
            adoption.show(isDone: false)
            try terminal.finish()
            throw Failure(
                .usage, "cannot ask whether to write this: standard input is no terminal",
                hint: "cache-image init --yes writes it, --dry-run only shows it")
        }
        // Who was not asked sees in the files what was written.
        if !terminal.options.isJSON { adoption.show(isDone: false, isWhole: !yes) }
        if !yes, try !confirmation.ask("Write this?") {
            terminal.note("nothing was written")
            return try terminal.finish()
        }
        try await adoption.write()
        if terminal.options.isJSON { adoption.show(isDone: true) }
        try terminal.finish()
        // The configuration is there from now on.
        let adopted = try Session(global, isThere: true)
        let imports = OldEntryImport(adopted)
        try await imports.run(adoption.imports.map(\.entry))
        for image in adopted.configuration.images where !imports.done.contains(image.name) {
            adoption.showState(of: image, in: adopted)
        }
        terminal.note("next: cache-image update, then git commit; run-tests runs the levels")
        try adopted.terminal.finish()
        try adopted.end()
    }
}
