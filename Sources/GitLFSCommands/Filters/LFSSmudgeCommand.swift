import ArgumentParser
import CommandSession
import LFS
import SystemCalls

/// `cache-image lfs smudge`: a pointer on stdin becomes content on stdout.
struct LFSSmudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smudge", abstract: "Turn a pointer on stdin into content on stdout (Git's smudge filter).")

    @Flag(name: .shortAndLong, help: "Write the pointer.") var skip = false
    @Argument(help: "The file's path.") var path: String?
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            if LFSSession.hasNoInput {
                PlainOutput.say("Cannot read from STDIN: This command should be run by the Git 'smudge' filter\n")
                return 1
            }
            session.installMissingHooksAsGitLFS()
            let smudge = try session.smudgeFilter(skips: skip)
            let outcome = try await smudge.run(
                path: path.map { RelativePath(bytes: $0.keptBytes) },
                from: ByteStream.reading(LFSSession.input, named: "standard input"),
                to: ByteStream.writing(LFSSession.output, named: "standard output"))
            switch outcome {
            case .content, .skipped: return 0
            case .passedThrough:
                PlainOutput.say("Pointer file error: Unable to parse pointer at: \"\(path ?? "<unknown file>")\"\n")
                return 0
            case .missing(let error):
                LFSSession.report(error)
                return try session.skipsDownloadErrors() ? 0 : 2
            }
        }
    }
}
