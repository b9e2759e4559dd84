import CommandSession
import Console
import JSON
import LFS
import Synchronization
import SystemCalls

extension LFSSession {
    /// Where the verbs write; transfers show how far they are on a terminal.
    func console(_ title: String) throws -> VerbConsole {
        let terminal = try Session.terminal(options, program: "cache-image")
        let bar = TransferDisplay(terminal, title: title)
        let write: @Sendable (JSONValue) -> Void = { PlainOutput.print($0) }
        return VerbConsole(
            print: { (line: String) in PlainOutput.print(line) },
            complain: { (line: String) in PlainOutput.say(line + "\n") },
            progress: { (update: TransferProgress) in bar.show(update) }, document: options.json ? write : nil)
    }
}

/// The progress line of a transfer, from its first byte to its last.
private final class TransferDisplay: Sendable {
    private let terminal: Terminal
    private let title: String
    private let progress = Mutex<Progress?>(nil)

    init(_ terminal: Terminal, title: String) {
        self.terminal = terminal
        self.title = title
    }

    func show(_ update: TransferProgress) {
        progress.withLock { progress in
            let current = progress ?? terminal.progress(title, total: update.totalBytes.bytes)
            current.update(completed: update.finishedBytes.bytes, total: update.totalBytes.bytes)
            let isOver = update.finishedObjects == update.totalObjects
            if isOver { current.finish() }
            progress = isOver ? nil : current
        }
    }
}
