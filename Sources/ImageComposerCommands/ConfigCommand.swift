import ArgumentParser
import Console
import OSTemplate

/// `image-composer config`: the configuration.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the configuration.", subcommands: [ConfigShowCommand.self])
}

/// `image-composer config show`: every value with where it comes from.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print every value and where it comes from.")

    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() throws {
        let terminal = try common.start()
        let configuration = try common.configuration()
        if terminal.options.isJSON {
            terminal.json(configuration.json)
        } else {
            for line in configuration.lines { terminal.line(line) }
        }
        try terminal.finish()
    }
}
