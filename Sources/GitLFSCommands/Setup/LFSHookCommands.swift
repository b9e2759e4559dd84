import ArgumentParser
import CommandSession

/// What the hooks do that git-lfs installs for lockable files: nothing, so that Git goes on.
///
/// They make files read-only that are locked by nobody here. This program takes no locks, and leaves modes alone.
struct LFSHookOptions: ParsableArguments {
    @Argument(help: "What Git hands to the hook.") var words: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// Checks that Git may have called; git-lfs's words and status where it did not.
    func check(_ name: String, atLeast count: Int) throws {
        if words.count >= count { return }
        PlainOutput.print(
            "This should be run through Git's \(name) hook.  Run `git lfs update` to install it.")
        throw ExitCode(1)
    }
}

/// `cache-image lfs post-checkout`.
struct LFSPostCheckoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-checkout", abstract: "Git's hook after a checkout: nothing is done.")
    @OptionGroup var options: LFSHookOptions
    func run() throws { try options.check("post-checkout", atLeast: 3) }
}

/// `cache-image lfs post-commit`.
struct LFSPostCommitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-commit", abstract: "Git's hook after a commit: nothing is done.")
    @OptionGroup var options: LFSHookOptions
    func run() throws {}
}

/// `cache-image lfs post-merge`.
struct LFSPostMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-merge", abstract: "Git's hook after a merge: nothing is done.")
    @OptionGroup var options: LFSHookOptions
    func run() throws { try options.check("post-merge", atLeast: 1) }
}
