import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs pull`: fetches what the checkout needs and puts it into the work tree.
struct LFSPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download the LFS objects of the checkout and put them into the work tree.")

    @Argument(help: "The remote, by name or URL.") var remote: String?
    @OptionGroup var paths: LFSPathOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = PullVerb()
            verb.remote = remote
            verb.include = paths.include
            verb.exclude = paths.exclude
            verb.isOffline = global.offline
            return try await verb.run(session.repository, session.console("fetching LFS objects"))
        }
    }
}
