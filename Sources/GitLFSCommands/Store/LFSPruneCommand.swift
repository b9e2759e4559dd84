import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs prune`: deletes local copies of objects that nothing near needs.
struct LFSPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete old local LFS objects that the server has.",
        discussion: """
            Kept are the objects of all checkouts and their indexes, stashes, commits that are not pushed, recent \
            branches, and of the images of every local branch. The server is asked first, unless --no-verify-remote says \
            otherwise.
            """)

    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Only show what would be deleted.") var dryRun =
        false
    @Flag(name: .shortAndLong, help: "Delete what the checkout needs, too.") var force = false
    @Flag(help: "Delete what is recent, too.") var recent = false
    @Flag(name: [.customShort("c"), .customLong("verify-remote")], help: "Ask the server first (the default).")
    var verifyRemote = false
    @Flag(name: .customLong("no-verify-remote"), help: "Do not ask the server.") var noVerifyRemote = false
    @Flag(name: .customLong("verify-unreachable"), help: "Ask about objects that no commit reaches, too.")
    var verifyUnreachable = false
    @Flag(name: .customLong("no-verify-unreachable"), help: "The default: these are deleted without asking.")
    var noVerifyUnreachable = false
    @Option(
        name: .customLong("when-unverified"),
        help: ArgumentHelp(
            "What the server lacks: halt (the default with --verify-remote), or continue with the others.",
            valueName: "halt|continue"))
    var whenUnverified: WhenUnverified?
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = PruneVerb()
            verb.dryRun = dryRun
            verb.force = force
            verb.recent = recent
            verb.verifyRemote = verifyRemote ? true : noVerifyRemote ? false : nil
            verb.verbose = global.verbose > 0
            verb.verifiesUnreachable = verifyUnreachable && !noVerifyUnreachable
            verb.continuesUnverified = whenUnverified.map { $0 == .continue }
            verb.cache = try session.cacheFolder(isVital: true)
            return try await verb.run(session.repository, session.console("asking for LFS objects"))
        }
    }
}

/// What `lfs prune` does about objects that the server lacks.
enum WhenUnverified: String, ExpressibleByArgument {
    case halt
    case `continue`
}
