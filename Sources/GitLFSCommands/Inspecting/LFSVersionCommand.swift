import ArgumentParser
import CommandSession

/// `cache-image lfs version`: the git-lfs that the verbs are like, in the form that scripts look for.
struct LFSVersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Say which git-lfs the verbs are like.")

    /// `git-lfs/VERSION (…)`.
    static let text = "git-lfs/3.3.0 (cache-image \(ProgramVersion.number); linux)"

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() {
        PlainOutput.print(Self.text)
    }
}
