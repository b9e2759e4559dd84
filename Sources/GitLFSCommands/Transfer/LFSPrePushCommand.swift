import ArgumentParser
import CommandSession
import LFS
import SystemCalls

/// `cache-image lfs pre-push`: Git's hook, which uploads the objects of what is pushed.
struct LFSPrePushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-push", abstract: "Upload the LFS objects of a push (Git's pre-push hook).")

    @Argument(help: "The remote's name.") var remote: String?
    @Argument(help: "The remote's URL.") var url: String?
    @Argument(help: .hidden) var others: [String] = []
    @Flag(name: [.customShort("d"), .customLong("dry-run")], help: "Only show what would be uploaded.") var dryRun =
        false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            var verb = PrePushVerb()
            verb.remote = remote
            verb.url = url
            verb.dryRun = dryRun
            let input = remote == nil ? [] : try LFSSession.readInput()
            return try await verb.run(session.repository, input: input, session.console("pushing LFS objects"))
        }
    }
}

extension LFSSession {
    /// All of standard input.
    static func readInput() throws -> [UInt8] {
        try Files.readAll(input, named: "standard input")
    }
}
