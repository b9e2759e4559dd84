import ArgumentParser
import Console
import JSON
import OSTemplate
import Programs
import SystemCalls
import SystemPackage

/// `image-composer validate`: whether a template can be built.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check a template, with what it extends and its defaults.",
        discussion: "Every mistake is told with its line. Nothing is resolved or fetched.")

    @Argument(help: ArgumentHelp("The template.", valueName: "template")) var template: String
    @Flag(help: "Print the merged template; passwords are hashes.") var merged = false
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() throws {
        let terminal = try common.start()
        let read: OSTemplate
        do {
            read = try OSTemplate.load(FilePath(template), environment: ProcessEnvironment.current)
        } catch {
            for mistake in error.mistakes.dropFirst() {
                terminal.report(Failure(.usage, mistake.description, hint: mistake.hint))
            }
            throw Failure(.usage, error.description, hint: error.hint)
        }
        if merged || terminal.options.isJSON {
            terminal.data(Array((read.canonical.indentedText() + "\n").utf8))
        } else {
            terminal.line("\(template): \(read.name) \(read.version) for \(read.provider)")
        }
        try terminal.finish()
    }
}
