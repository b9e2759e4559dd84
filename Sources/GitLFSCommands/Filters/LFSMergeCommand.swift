import ArgumentParser
import CommandSession
import LFS

/// `cache-image lfs merge`: the merge driver for rules with `merge=lfs`.
struct LFSMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Keep our file whole and leave the conflict (Git's merge driver %O %A %B %P).")

    @Argument(help: "The common ancestor's file (%O).") var ancestor: String
    @Argument(help: "Our file (%A).") var ours: String
    @Argument(help: "Their file (%B).") var theirs: String
    @Argument(help: "The path (%P).") var path: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        throw ExitCode(MergeVerb.run(path: path) { PlainOutput.say($0 + "\n") })
    }
}
