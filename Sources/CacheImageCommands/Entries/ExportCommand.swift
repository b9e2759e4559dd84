import Archive
import ArgumentParser
import CommandSession
import Console
import JSON
import SystemPackage

/// `cache-image export`: an entry's image as a file of another form.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a cached image as a docker-archive, an oci-archive or an OCI directory."
    )

    @Argument(help: "NAME or NAME:TAG.") var image: String
    @Argument(help: "The file or folder to write.") var file: String
    @Option(parsing: .unconditional, help: "docker-archive (the default), oci-archive or oci.") var format: String?
    @Option(parsing: .unconditional, help: "none (the default), gzip or zstd.") var compress: String?
    @Flag(help: "Write the images of its steps, too, so that an engine that loads the docker-archive can reuse them.")
    var steps = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        if file == "-" {
            throw Failure(
                .usage, "cannot export to -: an image is written to a file or folder, not to standard output",
                hint: "./- is a file of this name")
        }
        let session = try Session(global) { $0.images = [image] }
        let format = Session.value("--format", format) ?? "docker-archive"
        let compress = Session.value("--compress", compress) ?? "none"
        guard let form = ExportFormat(rawValue: format) else {
            throw Failure(
                .usage, "cannot export as \(format): use docker-archive, oci-archive or oci")
        }
        guard let compression = Compression(rawValue: compress) else {
            throw Failure(.usage, "cannot compress with \(compress): use none, gzip or zstd")
        }
        guard let declaration = session.configuration.selected.first else { return }
        if steps {
            guard form == .dockerArchive, compression == .none else {
                throw Failure(.usage, "cannot export steps as \(format): only as an uncompressed docker-archive")
            }
            try await session.cache.imageExport.writeSteps(declaration, to: FilePath(file))
        } else {
            try await session.cache.imageExport.write(
                declaration, to: FilePath(file), format: form, compression: compression)
        }
        if session.terminal.options.isJSON {
            session.terminal.json([
                "image": .string(declaration.name.description), "file": .string(file), "format": .string(format),
                "compress": .string(compress),
            ])
        } else {
            session.terminal.line("exported \(declaration.name) \(file)")
        }
        try session.terminal.finish()
    }
}
