import ArgumentParser
import LFS
import SystemCalls
import SystemPackage

/// `cache-image lfs checkout`: content for files that hold pointers, from the store only.
struct LFSCheckoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkout", abstract: "Put content into the work tree where pointers stand, without fetching.")

    @Argument(help: "Patterns, as in .gitignore; with --to, the path in conflict.") var patterns: [String] = []
    @Option(help: ArgumentHelp("Write one side of a conflict to this file.", valueName: "file")) var to: String?
    @Flag(help: "With --to: the common ancestor.") var base = false
    @Flag(help: "With --to: our side.") var ours = false
    @Flag(help: "With --to: their side.") var theirs = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        let sides = [base, ours, theirs].filter { $0 }.count
        if to == nil ? sides > 0 : sides != 1 || patterns.count != 1 {
            throw ValidationError("--to, exactly one of --base, --ours and --theirs, and one path go together")
        }
    }

    func run() async throws {
        try await LFSSession.run(global) { session in
            if let to, let path = session.repository.relativePath(of: session.folder.pushing(FilePath(patterns[0]))) {
                try WorkTreeCheckout(session.repository).extract(
                    stage: base ? 1 : ours ? 2 : 3, of: path, to: session.folder.pushing(FilePath(to)))
                return 0
            }
            return try await CheckoutVerb(session.repository, say: { LFSSession.say($0 + "\n") }).run(patterns)
        }
    }
}
