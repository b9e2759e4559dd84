import Console
import OSComposer
import Synchronization
import SystemCalls

/// Shows what a build says.
final class BuildDisplay: Sendable {
    private let terminal: Terminal
    private let progress = Mutex<Progress?>(nil)

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows an event; from any thread.
    @Sendable func tell(_ event: ComposerEvent) {
        switch event {
        case .stage(let name):
            finish()
            if terminal.showsLiveProgress { terminal.activity(name) }
            terminal.detail(name)
        case .downloaded(let done, let total):
            let shown = progress.withLock { shown in
                if shown == nil {
                    if terminal.showsLiveProgress { terminal.activity(nil) }
                    shown = terminal.progress("packages", total: total)
                }
                return shown
            }
            shown?.update(completed: done, total: total)
        case .detail(let text): terminal.detail(Printable.escaped(text), level: 2)
        case .warning(let text): terminal.warning(Printable.escaped(text))
        }
    }

    /// Ends what is written over.
    func finish() {
        let shown = progress.withLock { shown in
            defer { shown = nil }
            return shown
        }
        shown?.finish()
        if terminal.showsLiveProgress { terminal.activity(nil) }
    }
}
