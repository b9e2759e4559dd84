import ArgumentParser
import Console
import ImageCache
import JSON

/// `cache-image bases`: the base images and the lock.
struct BasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bases", abstract: "Show the base images: locked, present in the engine, moved.")

    @Flag(help: "Move the lock to what the engine has.")
    var update = false
    @Flag(help: "Fetch the base images from their registries first, to see whether a tag moved there.")
    var online = false
    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        if online, session.configuration.isOffline {
            throw Failure(.usage, "cannot use --online with --offline: one asks registries, the other forbids it")
        }
        let bases = try await session.cache.bases(
            of: session.configuration.selected, updatesLock: update, pulls: online)
        if terminal.options.isJSON {
            terminal.json(.array(bases.map { $0.json }))
        } else {
            var table = Table("BASE IMAGE", "PLATFORM", "LOCKED", "ENGINE", "STATE")
            for base in bases {
                table.append(
                    StyledText(base.reference), StyledText(base.platform),
                    StyledText(base.locked.map { String($0.prefix(12)) } ?? "-"),
                    StyledText(base.present.map { String($0.prefix(12)) } ?? "-"), StyledText(base.state.rawValue))
            }
            terminal.table(table)
        }
        try terminal.finish()
    }
}
