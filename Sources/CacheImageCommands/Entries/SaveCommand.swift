import ArgumentParser
import CommandSession
import Console

/// `cache-image save`: stores what the engine has.
struct SaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Store the engine's present image under the key of the present inputs.",
        discussion: """
            Nothing proves that the image was made of these inputs: the record says origin "saved". An image that is \
            known to have been built for other inputs is refused.
            """)

    @OptionGroup var images: ImageOptions
    @Flag(help: "Store an image that was built for other inputs, too.")
    var force = false
    @OptionGroup var storing: StoringOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) {
            images.apply(to: &$0)
            storing.apply(to: &$0)
        }
        try await session.forEachImage { image in
            session.show(
                try await session.noted(image) { try await session.cache.imageSave.save(image, isForced: force) })
        }
    }
}
