import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs push`: uploads what refs need and the remote lacks.
struct LFSPushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Upload the LFS objects of refs to a remote.")

    @Argument(help: "The remote, by name or URL.") var remote: String?
    @Argument(help: "Branches, tags or commits; with --object-id OIDs.") var names: [String] = []
    @Flag(help: "Everything that the refs reach; all branches and tags where none is named.") var all = false
    @Flag(name: [.customShort("o"), .customLong("object-id")], help: "The arguments are OIDs.") var objectID = false
    @Flag(help: "Read the refs, or OIDs, from stdin, one in each line.") var stdin = false
    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Only show what would be uploaded.") var dryRun =
        false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = PushVerb()
            verb.remote = remote
            verb.names = names
            verb.all = all
            verb.objectID = objectID
            verb.dryRun = dryRun
            if stdin {
                if !names.isEmpty {
                    PlainOutput.print("Further command line arguments are ignored with --stdin")
                    return 1
                }
                verb.allowsNone = true
                let text = String(decoding: try LFSSession.readInput(), as: UTF8.self)
                verb.names = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }
            }
            return try await verb.run(session.repository, session.console("pushing LFS objects"))
        }
    }
}
