import ArgumentParser
import CommandSession
import Console
import JSON
import OSTemplate
import SystemCalls

/// `image-composer version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of the program.")

    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() throws {
        let terminal = try common.start()
        if terminal.options.isJSON {
            terminal.json([
                "version": .string(ProgramVersion.number), "recipe": .integer(Int64(RecipeVersion.number)),
            ])
        } else {
            terminal.line("image-composer \(ProgramVersion.number)")
        }
        try terminal.finish()
    }
}
