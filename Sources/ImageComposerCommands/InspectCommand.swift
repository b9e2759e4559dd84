import ArgumentParser
import Console
import JSON
import OSDisk
import Programs
import SystemCalls
import SystemPackage

/// `image-composer inspect`: what is in an image.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what an image holds: partitions, file systems, sizes.",
        discussion: "IMAGE is a disk (raw, qcow2, vhd, vmdk …), a file system or a tar. Nothing is mounted.")

    @Argument(help: ArgumentHelp("The image's file.", valueName: "image")) var image: String
    @OptionGroup(title: "Options of all commands") var common: ComposerOptions

    func run() async throws {
        let terminal = try common.start()
        let path = FilePath(image)
        let found = try await reported {
            try await DiskInspection.read(path, environment: ProcessEnvironment.current)
        }
        if terminal.options.isJSON {
            terminal.json(found.json)
        } else {
            for line in found.lines { terminal.line(Printable.escaped(line)) }
        }
        try terminal.finish()
    }
}
