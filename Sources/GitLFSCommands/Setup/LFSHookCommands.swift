import ArgumentParser
import CommandSession

/// What the hooks do that git-lfs installs for lockable files: those that are not locked here become read-only.
struct LFSHookOptions: ParsableArguments {
    @Argument(help: "What Git hands to the hook.") var words: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// Sets the modes, after a check that Git may have called; git-lfs's words and status where it did not.
    func run(_ name: String, takes count: Int?) async throws {
        if let count, words.count != count {
            PlainOutput.print(
                "This should be run through Git's \(name) hook.  Run `git lfs update` to install it.")
            throw ExitCode(1)
        }
        try await LFSSession.run(global, failure: 0) { session in
            try LockableFiles(session.repository)?.setModes()
            return 0
        }
    }
}

/// `cache-image lfs post-checkout`.
struct LFSPostCheckoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-checkout", abstract: "Git's hook after a checkout: sets the modes of lockable files.")
    @OptionGroup var options: LFSHookOptions
    func run() async throws { try await options.run("post-checkout", takes: 3) }
}

/// `cache-image lfs post-commit`.
struct LFSPostCommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-commit", abstract: "Git's hook after a commit: sets the modes of lockable files.")
    @OptionGroup var options: LFSHookOptions
    func run() async throws { try await options.run("post-commit", takes: nil) }
}

/// `cache-image lfs post-merge`.
struct LFSPostMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-merge", abstract: "Git's hook after a merge: sets the modes of lockable files.")
    @OptionGroup var options: LFSHookOptions
    func run() async throws { try await options.run("post-merge", takes: 1) }
}
