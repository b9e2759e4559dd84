import ArgumentParser

/// `image-composer cache`: what is kept for later builds.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Show, move and clean what is kept for later builds.",
        subcommands: [
            CacheListCommand.self, CacheInfoCommand.self, CacheExportCommand.self, CacheImportCommand.self,
            CacheCleanCommand.self,
        ])
}
