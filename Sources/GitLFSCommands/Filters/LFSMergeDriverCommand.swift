import ArgumentParser
import CommandSession
import LFS
import SystemCalls
import SystemPackage

/// `cache-image lfs merge-driver`: git-lfs's driver, by its options; ours is kept whole, as with `merge`.
struct LFSMergeDriverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-driver", abstract: "Keep our file whole and leave the conflict (git-lfs's merge driver).")

    @Option(parsing: .unconditional, help: ArgumentHelp("The common ancestor's file (%O).", valueName: "file"))
    var ancestor: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Our file (%A).", valueName: "file")) var current: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Their file (%B).", valueName: "file")) var other: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The file to write.", valueName: "file")) var output: String?
    @Option(name: .customLong("marker-size"), help: .hidden) var markerSize: String?
    @Option(parsing: .unconditional, help: .hidden) var program: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        guard ancestor != nil, other != nil, let current, let output else {
            PlainOutput.say("the --ancestor, --current, --other, and --output options are mandatory\n")
            throw ExitCode(2)
        }
        if current != output { try WorkTreeCheckout.copy(FilePath(current), to: FilePath(output)) }
        throw ExitCode(MergeVerb.run(path: nil) { PlainOutput.say($0 + "\n") })
    }
}
