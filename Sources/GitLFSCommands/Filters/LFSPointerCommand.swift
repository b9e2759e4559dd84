import ArgumentParser
import CommandSession
import LFS
import SystemCalls
import SystemPackage

/// `cache-image lfs pointer`: builds, compares and checks pointers.
struct LFSPointerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pointer", abstract: "Build, compare or check pointers.")

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The file to build a pointer of, or to check.", valueName: "file"))
    var file: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The pointer to compare with.", valueName: "file"))
    var pointer: String?
    @Flag(help: "Read the pointer from stdin.") var stdin = false
    @Flag(help: "Only check: status 0 for a pointer, 1 for anything else.") var check = false
    @Flag(help: "With --check: status 2 for a pointer that is not canonical.") var strict = false
    @Flag(name: .customLong("no-strict"), help: "With --check: any valid pointer will do.") var noStrict = false
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try SharedLibrary.crypto.load()
        try Session.changeFolder(global)
        if strict && noStrict {
            PlainOutput.say("Cannot combine --strict with --no-strict\n")
            throw ExitCode(2)
        }
        var verb = PointerVerb()
        verb.file = file.map { FilePath(keeping: $0) }
        verb.pointer = pointer.map { FilePath(keeping: $0) }
        verb.readsStandardInput = stdin
        verb.checks = check
        verb.isStrict = strict
        verb.hasInput = !LFSSession.hasNoInput
        verb.isJSON = global.json
        let status = try verb.run(input: LFSSession.input, output: PlainOutput.write, say: PlainOutput.say)
        if status != 0 { throw ExitCode(status) }
    }
}
