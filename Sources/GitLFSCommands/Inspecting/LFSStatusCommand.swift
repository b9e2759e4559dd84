import ArgumentParser
import CommandSession
import LFS
import SystemCalls

/// `cache-image lfs status`: what is staged and what is not.
struct LFSStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is staged, what is not, and what a push would upload.")

    @Flag(name: .shortAndLong, help: "One line per file, for scripts.") var porcelain = false
    @Argument(help: .hidden) var others: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        try await LFSSession.run(global) { session in
            guard let folder = session.workFolder else { return session.refuseWithoutWorkTree() }
            let verb = try StatusVerb(session.repository, in: folder)
            if global.json {
                PlainOutput.write(Array((Printable.escapedJSON(try verb.document().text) + "\n").utf8))
            } else {
                for line in porcelain ? verb.porcelain() : try await verb.lines() {
                    PlainOutput.print(Printable.escaped(line))
                }
            }
            return 0
        }
    }
}
