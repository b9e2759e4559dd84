import ArgumentParser
import CommandSession
import Console
import ImageCache
import OCI

/// `cache-image update`: brings entry and engine up to date.
struct UpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Bring images up to date: load what the engine lacks, rebuild what changed.",
        discussion: "Prints one line per image: ACTION NAME:TAG KEY IMAGE-ID SECONDS.")

    @OptionGroup var images: ImageOptions
    @Flag(help: "Only show whether an image is up to date; exit with 3 if one is not.")
    var check = false
    @OptionGroup var storing: StoringOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) {
            images.apply(to: &$0)
            storing.apply(to: &$0)
        }
        if check { return try await StatusCommand.show(in: session, exitCode: true) }
        // A build may move the lock of base images: images that came before it are then decided about once more.
        var outcomes: [ImageName: (outcome: Outcome, moves: Int)] = [:]
        let cache = session.cache
        try await session.prepareImages { image in
            outcomes[image.name] = (try await cache.update(image), cache.lockMoves)
        }
        try await session.forEachImage { image in
            guard let first = outcomes[image.name] else { throw ReportedError() }
            var outcome = first.outcome
            if first.moves < cache.lockMoves {
                let again = try await cache.update(image)
                if again.action != .current { outcome = again }
            }
            return session.show(outcome)
        }
    }
}
