import ArgumentParser
import CommandSession
import Console
import LFS
import SystemCalls

/// `cache-image pull`: downloads the cache's LFS objects and checks them out.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download the LFS objects of the cache and check them out.",
        discussion: """
            They are put into the work tree where it holds their pointers, except with `git: worktree: pointer` in \
            cache-image.yml, and except those that lfs.fetchexclude names.
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The remote; by default the one that Git fetches from.", valueName: "name"))
    var remote: String?
    @Flag(name: .customLong("dry-run"), help: "Only show what would be downloaded.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() async throws {
        let session = try Session(global, needsConfiguration: false)
        let transfer = try session.transfer("pull", remote: remote)
        let missing = try transfer.staged().filter { try transfer.client.store.find($0.pointer) == nil }
        let total = missing.total { $0.pointer.size }
        session.terminal.note("\(Quantity.count(missing.count, "LFS object")) to download, \(Quantity.bytes(total))")
        if !dryRun {
            let display = session.transferDisplay("fetching LFS objects")
            try await transfer.client.fetch(missing) { display($0) }
            if session.configuration.git.worktree != .pointer {
                for path in try await transfer.checkOut() { session.terminal.note("\(path): checked out") }
            }
        }
        session.terminal.finishTransfer(missing, isDone: !dryRun)
        try session.terminal.finish()
    }
}
