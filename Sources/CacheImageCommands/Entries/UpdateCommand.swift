import ArgumentParser
import CommandSession
import Console

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
        session.cache.removeSeenLeftovers()
        try await session.show(
            try await session.cache.updater.update(session.configuration.selected, heard: session.hear))
    }
}
