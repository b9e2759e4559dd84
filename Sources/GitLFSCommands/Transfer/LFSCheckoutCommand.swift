import ArgumentParser
import CommandSession
import LFS
import SystemCalls
import SystemPackage

/// `cache-image lfs checkout`: content for files that hold pointers, from the store only.
struct LFSCheckoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkout", abstract: "Put content into the work tree where pointers stand, without fetching.")

    @Argument(help: "Patterns, relative to the current folder; with --to, the path in conflict.")
    var patterns: [String] = []
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write one side of a conflict to this file.", valueName: "file"))
    var to: String?
    @Flag(help: "With --to: the common ancestor.") var base = false
    @Flag(help: "With --to: our side.") var ours = false
    @Flag(help: "With --to: their side.") var theirs = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let stages: [UInt8] = [base ? 1 : 0, ours ? 2 : 0, theirs ? 3 : 0].filter { $0 > 0 }
        try await LFSSession.run(global) { session in
            if stages.count > 1 {
                PlainOutput.say("Error parsing args: at most one of --base, --theirs, and --ours is allowed\n")
                return 2
            }
            if (to == nil) != stages.isEmpty {
                PlainOutput.say("--to and exactly one of --theirs, --ours, and --base must be used together\n")
                return 2
            }
            if let to, let stage = stages.first { return try extract(stage, to, session) }
            let rooted = patterns.compactMap { session.rooted($0) }
            // Nothing outside the work tree is checked out; an empty pattern stands for all of it.
            if rooted.isEmpty && !patterns.isEmpty { return 0 }
            return try await CheckoutVerb(session.repository, session.console("")).run(
                rooted.contains("") ? [] : rooted)
        }
    }

    private func extract(_ stage: UInt8, _ file: String, _ session: LFSSession) throws -> Int32 {
        guard patterns.count == 1 else {
            PlainOutput.say("--to requires exactly one Git LFS object file path\n")
            return 2
        }
        guard let path = session.repository.relativePath(of: session.folder.pushing(FilePath(keeping: patterns[0])))
        else {
            PlainOutput.say("Could not checkout \(patterns[0]): it is outside the work tree\n")
            return 2
        }
        guard try session.repository.index().stages(of: path).contains(where: { $0.stage == stage }) else {
            PlainOutput.say(
                "Could not checkout (are you not in the middle of a merge?): "
                    + "Git can't resolve ref: \":\(stage):\(path)\"\n")
            return 2
        }
        try WorkTreeCheckout(session.repository).extract(
            stage: stage, of: path, to: session.folder.pushing(FilePath(keeping: file)))
        return 0
    }
}

extension LFSSession {
    /// A pattern that was given relative to the current folder, relative to the work tree; empty for the whole of it.
    func rooted(_ pattern: String) -> String? {
        guard let prefix = repository.relativePath(of: folder) else { return nil }
        if pattern.hasPrefix("/") {
            return repository.relativePath(of: FilePath(keeping: pattern).lexicallyNormalized()).map { path in
                // What was typed is a pattern, but not the current folder before it.
                guard path.isInside(prefix), !prefix.bytes.isEmpty else { return String(keeping: path.bytes) }
                return prefix.asPattern + String(keeping: path.bytes.dropFirst(prefix.bytes.count))
            }
        }
        return TrackVerb.joined(prefix.asPattern, pattern)
    }
}
