import ArgumentParser
import CommandSession
import Console
import Git

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
        session.cache.removeLeftovers()
        try await session.forEachImage { image in
            let outcome = try await session.noted(image) {
                guard let revision else { return try await session.cache.loader.load(image) }
                do {
                    return try await session.cache.loader.load(image, revision: revision)
                } catch let error as GitError where error.kind == .notFound {
                    throw Failure(.usage, error.description, hint: "cache-image history \(image.name)")
                }
            }
            return session.show(outcome)
        }
    }
}
