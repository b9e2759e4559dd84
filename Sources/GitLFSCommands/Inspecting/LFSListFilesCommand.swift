import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs ls-files`: the files under LFS.
struct LFSListFilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls-files", abstract: "List the files under LFS.")

    @Argument(help: "A commit, or two for what lies between them.") var revisions: [String] = []
    @Flag(name: .shortAndLong, help: "Show whole OIDs.") var long = false
    @Flag(name: .shortAndLong, help: "Show sizes.") var size = false
    @Flag(name: .shortAndLong, help: "Show all that is known of each file.") var debug = false
    @Flag(name: [.customShort("n"), .customLong("name-only")], help: "Show paths only.") var nameOnly = false
    @Flag(name: .shortAndLong, help: "List the files of all commits.") var all = false
    @Flag(help: "List deleted files, too.") var deleted = false
    @Option(
        name: [.customShort("I"), .long], parsing: .unconditional,
        help: ArgumentHelp("Only these, comma-separated.", valueName: "patterns"))
    var include: String?
    @Option(
        name: [.customShort("X"), .long], parsing: .unconditional,
        help: ArgumentHelp("Not these.", valueName: "patterns"))
    var exclude: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            if all && !revisions.isEmpty {
                PlainOutput.say("Cannot use --all with explicit reference\n")
                return 2
            }
            if revisions.first == "--all" {
                PlainOutput.say("Did you mean `git lfs ls-files --all --` ?\n")
                return 2
            }
            var verb = try ListFilesVerb(session.repository)
            verb.isLong = long
            verb.showsSize = size
            verb.isDebug = debug
            verb.namesOnly = nameOnly
            verb.listsAll = all
            verb.listsDeleted = deleted
            verb.filter = PathFilter(include: PathFilter.patterns(include), exclude: PathFilter.patterns(exclude))
            let items = try await verb.items(revisions)
            if global.json {
                PlainOutput.print(ListFilesVerb.document(items))
            } else {
                for line in verb.lines(items) { PlainOutput.print(line) }
            }
            return 0
        }
    }
}
