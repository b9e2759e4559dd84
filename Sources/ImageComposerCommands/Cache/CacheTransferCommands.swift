import ArgumentParser
import Console
import JSON
import OSComposer
import Programs
import SystemCalls
import SystemPackage

/// `image-composer cache export`: a finished image as one file.
struct CacheExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a finished image to one file, for another machine's cache.")

    @Argument(help: ArgumentHelp("The image's hash, or its beginning.", valueName: "hash")) var hash: String
    @Argument(help: ArgumentHelp("The file to write.", valueName: "file")) var file: String
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        let composer = try common.composer(terminal)
        let target = FilePath(file)
        let image = try reported { try composer.images.image(beginning: hash) }
        try await reported {
            try await composer.images.export(image, to: target, environment: ProcessEnvironment.current)
        }
        if terminal.options.isJSON {
            terminal.json(["specification": .string(image.specification), "file": .string(file)])
        } else {
            terminal.line("\(file): \(image.name) \(image.imageVersion), \(image.specification.prefix(12))")
        }
        try terminal.finish()
    }
}

/// `image-composer cache import`: takes in what `export` wrote.
struct CacheImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a file that `cache export` wrote; every byte of it is checked.")

    @Argument(help: ArgumentHelp("The file to read.", valueName: "file")) var file: String
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        let composer = try common.composer(terminal)
        let source = FilePath(file)
        let image = try await reported {
            try await composer.images.importing(source, environment: ProcessEnvironment.current)
        }
        if terminal.options.isJSON {
            terminal.json(image.json)
        } else {
            terminal.line("\(image.specification.prefix(12)): \(image.name) \(image.imageVersion)")
        }
        try terminal.finish()
    }
}
