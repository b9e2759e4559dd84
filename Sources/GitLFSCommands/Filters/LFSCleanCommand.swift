import ArgumentParser
import CommandSession
import LFS
import SystemCalls

/// `cache-image lfs clean`: content on stdin becomes a pointer on stdout.
struct LFSCleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Turn content on stdin into a pointer on stdout (Git's clean filter).")

    @Argument(help: "The file's path, for messages.") var path: String?
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            if LFSSession.hasNoInput {
                PlainOutput.say("Cannot read from STDIN: This command should be run by the Git 'clean' filter\n")
                return 1
            }
            session.installMissingHooksAsGitLFS()
            do {
                try CleanFilter(ObjectStore(session.repository)).run(
                    path: path.map { RelativePath(bytes: $0.keptBytes) },
                    from: ByteStream.reading(LFSSession.input, named: "standard input"),
                    to: ByteStream.writing(LFSSession.output, named: "standard output"))
                return 0
            } catch let error as LFSError where error.kind == .unmerged {
                LFSSession.report(error)
                return 1
            }
        }
    }
}
