import ArgumentParser
import CommandSession
import LFS
import SystemCalls
import SystemPackage

/// `cache-image lfs logs`: the error logs that git-lfs wrote; this program writes none.
struct LFSLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "List the error logs of git-lfs, show one, or remove all.")

    @Argument(help: ArgumentHelp("last, show NAME, or clear.", valueName: "verb")) var words: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            let folder = try ObjectStore(session.repository).root.appending("logs")
            let names = Files.exists(folder) ? try Files.names(in: folder).map(\.string).sorted() : []
            switch words.first {
            case nil: for name in names { PlainOutput.print(name) }
            case "last":
                guard let last = names.last else {
                    PlainOutput.print("No logs to show")
                    return 0
                }
                return try show(last, in: folder)
            case "show":
                guard words.count > 1 else {
                    PlainOutput.print("Supply a log name.")
                    return 0
                }
                return try show(words[1], in: folder)
            case "clear":
                if Files.exists(folder) { try Files.removeTree(folder) }
                PlainOutput.print("Cleared \(folder.string)")
            case .some(let word):
                PlainOutput.say(
                    "cache-image: cannot run lfs logs \(word): there is no such verb\nhint: last, show or clear\n")
                return 2
            }
            return 0
        }
    }

    private func show(_ name: String, in folder: FilePath) throws -> Int32 {
        guard let component = FilePath.Component(name), component.kind == .regular,
            let bytes = try Files.read(folder.appending(component), limit: 16 << 20)
        else {
            PlainOutput.print("Error reading log: \(name)")
            return 0
        }
        PlainOutput.write(bytes)
        return 0
    }
}
