import ArgumentParser
import CommandSession
import Configuration
import Console
import JSON

/// `cache-image config schema`: what an editor needs to check `cache-image.yml`.
struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of cache-image.yml, draft 2020-12.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let terminal = try Session.terminal(global, program: "cache-image")
        terminal.data(Array((ProjectConfiguration.schema.indentedText(step: "  ") + "\n").utf8))
        try terminal.finish()
    }
}
