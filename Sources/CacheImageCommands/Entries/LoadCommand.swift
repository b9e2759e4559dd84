import ArgumentParser
import CommandSession
import Console

/// `cache-image load`: puts what the cache has into the engine.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Put cached images into the engine, fetching LFS objects where needed.",
        discussion: "Changes neither the work tree nor Git's index. A stale entry is loaded with a warning.")

    @OptionGroup var images: ImageOptions
    @Option(
        name: .customLong("rev"), parsing: .unconditional,
        help: ArgumentHelp("Load the entry as of this commit.", valueName: "rev"))
    var revision: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let revision = Session.value("--rev", revision)
        try await session.forEachImage { image in
            let outcome = try await session.noted(image) {
                if let revision { return try await session.cache.loader.load(image, revision: revision) }
                return try await session.cache.loader.load(image)
            }
            return session.show(outcome)
        }
    }
}
