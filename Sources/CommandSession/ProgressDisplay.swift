import Console
import ImageCache
import Synchronization

/// Shows the cache's progress on a terminal, one transfer after the other.
package final class ProgressDisplay: Sendable {
    private let terminal: Terminal
    private let current = Mutex<(title: String, progress: Console.Progress)?>(nil)

    /// Shows nothing yet.
    package init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows how far a transfer has come; nil ends it.
    package func show(_ update: CacheEvents.Progress?) {
        current.withLock { current in
            if current?.title != update?.title {
                current?.progress.finish()
                current = update.map { ($0.title, terminal.progress($0.title, total: $0.total)) }
            }
            if let update { current?.progress.update(completed: update.completed, total: update.total) }
        }
    }
}
