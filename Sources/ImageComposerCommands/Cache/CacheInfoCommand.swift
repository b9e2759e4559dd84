import ArgumentParser
import Console
import JSON
import OSComposer
import SystemCalls

/// `image-composer cache info`: one finished image.
struct CacheInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show a finished image, and whether its files are whole.")

    @Argument(help: ArgumentHelp("The image's hash, or its beginning.", valueName: "hash")) var hash: String
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        let composer = try common.composer(terminal)
        let image = try reported { try composer.images.image(beginning: hash) }
        let complaint = composer.images.complaint(about: image, reads: true)
        if terminal.options.isJSON {
            terminal.json(
                .object((image.json.members ?? []) + [.init("damage", complaint.map { .string($0) } ?? .null)]))
        } else {
            terminal.line("image       \(image.specification)")
            terminal.line("name        \(image.name) \(image.imageVersion)")
            terminal.line("provider    \(image.provider)")
            terminal.line("stored      \(Quantity.time(image.created))")
            terminal.line("packages    \(image.packages)")
            terminal.line("rootfs      sha256:\(image.rootfs)")
            for file in image.files {
                terminal.line("\(file.name) (\(Quantity.bytes(Size(file.size)))) \(file.sha256)")
            }
        }
        if let complaint {
            throw Failure(
                .corrupt, "cannot use the image \(image.specification.prefix(12)): \(complaint)",
                hint: "image-composer build makes it anew")
        }
        try terminal.finish()
    }
}
