import ArgumentParser
import CommandSession
import Console
import JSON
import OCI
import Programs
import SystemPackage

/// `cache-image import`: an image file as the entry of a declared image.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store an image file under the key of the present inputs, like save.",
        discussion:
            """
            FILE is what docker, podman, buildah or skopeo save: docker-archive or oci-archive, compressed or not; `-` \
            is standard input.
            """)

    @Argument(help: "The image file, or - for standard input.") var file: String
    @Argument(help: ArgumentHelp("The declared image; the only one by default.", valueName: "name:tag"))
    var image: String?
    @OptionGroup var storing: StoringOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) {
            $0.images = image.map { [$0] } ?? []
            storing.apply(to: &$0)
        }
        guard try session.configuration.selectedImages().count == 1 else {
            throw Failure(
                .usage, "cannot import \(file): \(session.configuration.selected.count) images are declared",
                hint: "name one: cache-image import \(ShellWord.quoted(file)) NAME:TAG")
        }
        let path = FilePath(file)
        try await session.forEachImage { declaration in
            // An image that bears the declared name goes first; else the archive must hold one image only.
            session.show(
                try await session.noted(declaration) {
                    try await session.cache.imageImport.store(path, as: declaration, selecting: nil)
                })
        }
    }
}
