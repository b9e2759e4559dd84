import ArgumentParser
import CommandSession
import JSON
import LFS

/// `cache-image lfs cache-key`: one line per object that the checkout needs.
struct LFSCacheKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache-key", abstract: "Print the OIDs that a checkout needs, for the key of a CI cache.")

    @Argument(help: "The commit.") var revision = "HEAD"
    @Option(
        name: [.customShort("I"), .long], parsing: .unconditional,
        help: ArgumentHelp("Only these paths; comma-separated.", valueName: "paths"))
    var include: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = CacheKeyVerb()
            verb.revision = revision
            verb.include = PathFilter.patterns(include)
            let lines = try await verb.lines(session.repository)
            if global.json {
                PlainOutput.print(["oids": .strings(lines)] as JSONValue)
            } else {
                for line in lines { PlainOutput.print(line) }
            }
            return 0
        }
    }
}
