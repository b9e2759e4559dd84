import ArgumentParser
import CommandSession
import LFS
import SystemCalls

/// `cache-image lfs filter-process`: the filter that Git starts once for many files.
struct LFSFilterProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter-process", abstract: "Clean and smudge many files for Git (protocol version 2).")

    @Flag(name: .shortAndLong, help: "Leave pointers as they are.") var skip = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            session.installMissingHooksAsGitLFS()
            let store = try ObjectStore(session.repository)
            defer { store.sweep() }
            let process = FilterProcess(
                input: LFSSession.input, output: LFSSession.output, smudge: try session.smudgeFilter(skips: skip),
                skipsErrors: try session.skipsDownloadErrors(),
                fetchAll: { objects in
                    if session.options.offline { return }
                    let resolver = try ObjectResolver(session.repository)
                    let missing = try objects.filter { try resolver.find($0.pointer) == nil }
                    try await LFSClient(session.repository).fetch(
                        missing.map { TransferObject($0.pointer, path: $0.path) })
                },
                log: { PlainOutput.say(($0.hasPrefix("hint: ") ? "" : "cache-image: ") + $0 + "\n") })
            try await process.run()
            return 0
        }
    }
}
