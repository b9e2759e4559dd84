import Dispatch
import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into the cancellation of the work under way, so that children are stopped and files removed.
///
/// A second signal of them ends the program at once; the next command sweeps up.
public final class SignalWatch: Sendable {
    private let state = Mutex<Int32?>(nil)

    /// Watches nothing yet.
    public init() {}

    /// The signal that came first; nil where none did.
    public var received: Int32? { state.withLock { $0 } }

    /// Runs `body` and cancels it when a signal comes; its result.
    func run(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
        let work = Task(operation: body)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                let isSecond = state.withLock { received in
                    defer { received = received ?? number }
                    return received != nil
                }
                if isSecond { _exit(128 + number) }
                work.cancel()
            }
            source.resume()
            return source
        }
        let status = await work.value
        for source in sources { source.cancel() }
        return status
    }
}
