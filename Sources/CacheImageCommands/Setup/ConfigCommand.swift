import ArgumentParser
import CommandSession
import Configuration
import Console
import JSON

/// `cache-image config`: what the configuration comes to.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the configuration.",
        subcommands: [ConfigShowCommand.self, ConfigSchemaCommand.self])
}

/// `cache-image config show`: every value with its origin.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every value and where it comes from: flag, variable, file or default.")

    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        let settings = session.configuration.settings
        if terminal.options.isJSON {
            terminal.json(
                .object(
                    settings.map {
                        .init($0.path, ["value": $0.value, "origin": .string($0.origin.description)])
                    }))
        } else {
            var table = Table("KEY", "VALUE", "ORIGIN")
            for setting in settings {
                table.append(
                    StyledText(setting.path), StyledText(setting.value.string ?? setting.value.spacedText),
                    StyledText(setting.origin.description))
            }
            terminal.table(table)
        }
        try terminal.finish()
    }
}
