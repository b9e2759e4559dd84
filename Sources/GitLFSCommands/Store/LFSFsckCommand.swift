import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs fsck`: checks objects and pointers.
struct LFSFsckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Check LFS objects and pointers; damaged objects are moved to lfs/bad.")

    @Argument(help: "A commit or a range A..B; HEAD and the index where there is none.") var revision: String?
    @Argument(help: .hidden) var others: [String] = []
    @Flag(help: "Check the objects.") var objects = false
    @Flag(help: "Check the pointers.") var pointers = false
    @Flag(help: "Ask the server whether it has the objects.") var remote = false
    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Move nothing.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = FsckVerb()
            verb.revision = revision
            verb.objects = objects
            verb.pointers = pointers
            verb.remote = remote
            verb.dryRun = dryRun
            verb.cache = try session.cacheFolder()
            return try await verb.run(session.repository, session.console("checking LFS objects"))
        }
    }
}
