import ArgumentParser
import CommandSession

/// `cache-image lfs version`: the git-lfs that the verbs are like, in the form that scripts look for.
struct LFSVersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show which version of git-lfs the verbs follow.")

    /// `git-lfs/VERSION (…)`.
    static let text = "git-lfs/3.3.0 (cache-image \(ProgramVersion.number); linux)"

    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() {
        PlainOutput.print(Self.text)
    }
}
