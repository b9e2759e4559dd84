import ArgumentParser
import CommandSession
import LFS

/// The options that `lfs fetch` and `lfs pull` share.
struct LFSPathOptions: ParsableArguments {
    @Option(
        name: [.customShort("I"), .long], parsing: .unconditional,
        help: ArgumentHelp("Only these paths, instead of lfs.fetchinclude; comma-separated.", valueName: "paths"))
    var include: String?
    @Option(
        name: [.customShort("X"), .long], parsing: .unconditional,
        help: ArgumentHelp("Not these paths, instead of lfs.fetchexclude; comma-separated.", valueName: "paths"))
    var exclude: String?
}

/// `cache-image lfs fetch`: brings the objects of refs into the store.
struct LFSFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Download the LFS objects of refs from a remote.")

    @Argument(help: "The remote, by name or URL.") var remote: String?
    @Argument(help: "Branches, tags or commits; none means the one checked out.") var refs: [String] = []
    @OptionGroup var paths: LFSPathOptions
    @Flag(help: "Objects of recent branches and commits too.") var recent = false
    @Flag(name: .shortAndLong, help: "Everything that the refs reach; all refs where none is named.") var all = false
    @Flag(name: .shortAndLong, help: "Prune afterwards.") var prune = false
    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Only show what would be downloaded.") var dryRun =
        false
    @Flag(help: "Download what is here already, too.") var refetch = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = FetchVerb()
            verb.refetch = refetch
            verb.cache = try session.cacheFolder(isVital: prune)
            verb.remote = remote
            verb.refs = refs
            verb.include = paths.include
            verb.exclude = paths.exclude
            verb.all = all
            verb.recent = recent
            verb.prune = prune
            verb.dryRun = dryRun
            verb.isOffline = global.offline
            return try await verb.run(session.repository, session.console("fetching LFS objects"))
        }
    }
}
