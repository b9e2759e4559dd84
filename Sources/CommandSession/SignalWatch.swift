import Dispatch
import Glibc
import SystemCalls

/// Turns the signals that ask this process to end into the cancellation of the work under way, so that children are stopped
/// and files removed.
///
/// A second one of them ends the program at once; the next command sweeps up.
public struct SignalWatch: Sendable {
    /// Watches nothing yet.
    public init() {}

    /// The signal that came first; nil where none did.
    public var received: Int32? { EndingSignal.received }

    /// Runs `body` and cancels it when a signal comes; its result.
    func run(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
        let work = Task(operation: body)
        let sources = EndingSignal.watched.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if !EndingSignal.note(number) { _exit(128 + number) }
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
