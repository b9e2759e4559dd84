import ArgumentParser
import CommandSession
import Console

/// `cache-image build`: builds whatever the key says.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build images now, whatever the key says, store and stage them.",
        discussion: "Prints one line per image: ACTION NAME:TAG KEY IMAGE-ID SECONDS.")

    @OptionGroup var images: ImageOptions
    @OptionGroup var storing: StoringOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) {
            images.apply(to: &$0)
            storing.apply(to: &$0)
        }
        try await session.forEachImage { image in
            session.show(try await session.noted(image) { try await session.cache.updater.build(image) })
        }
    }
}
