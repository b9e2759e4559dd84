import ArgumentParser
import CommandSession
import Configuration
import Console
import ImageCache
import JSON

/// `cache-image bases`: the base images, the lock and the registries.
struct BasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bases", abstract: "Show the base images: locked, present in the engine, moved.")

    @Flag(help: "Move the lock to what the engine has; with --online the engine pulls what moved first.")
    var update = false
    @Flag(help: "Ask the registries whether the tags moved there; nothing is pulled.")
    var online = false
    @OptionGroup var images: ImageOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global) { images.apply(to: &$0) }
        let terminal = session.terminal
        if online, session.configuration.isOffline {
            throw Failure(.usage, "cannot use --online with --offline: one asks registries, the other forbids it")
        }
        // An image that this version cannot make has no base images that it knows of.
        let made = session.configuration.selected.filter { if case .later = $0.recipe { false } else { true } }
        let bases = try await session.cache.bases.statuses(
            of: made, updatesLock: update, asksRegistries: online)
        var firstStatus: Console.ExitCode?
        for base in bases {
            if let failure = base.failure.map({ Failure(describing: $0) }) {
                terminal.warning(failure.message, hint: failure.hint)
                firstStatus = firstStatus ?? failure.code
            }
            if base.state == .moved {
                terminal.warning(
                    "the local base image \(base.reference) differs from the locked one",
                    hint: "cache-image bases --update takes over the local one")
            }
        }
        if terminal.options.isJSON {
            terminal.json(.array(bases.map { $0.json }))
        } else {
            terminal.table(table(of: bases))
        }
        try terminal.finish()
        if let firstStatus { throw ArgumentParser.ExitCode(firstStatus.rawValue) }
    }

    private func table(of bases: [BaseStatus]) -> Table {
        var table =
            online
            ? Table("BASE IMAGE", "PLATFORM", "LOCKED", "ENGINE", "STATE", "REGISTRY", "ON REGISTRY")
            : Table("BASE IMAGE", "PLATFORM", "LOCKED", "ENGINE", "STATE")
        for base in bases {
            let name = StyledText(base.reference.description)
            let platform = StyledText(base.platform.description)
            let locked = StyledText(base.locked?.short ?? "-")
            let present = StyledText(base.present?.short ?? "-")
            let state = StyledText(base.state.rawValue)
            if online {
                let digest = StyledText(base.registry?.short ?? "-")
                let registryState = StyledText(base.registryState?.rawValue ?? "-")
                table.append(name, platform, locked, present, state, digest, registryState)
            } else {
                table.append(name, platform, locked, present, state)
            }
        }
        return table
    }
}
