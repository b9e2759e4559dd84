import Dispatch
import Glibc
import Synchronization
import SystemCalls

/// Turns the signals that ask this process to end into the cancellation of the work under way, so that children are stopped
/// and files removed.
///
/// Work that hears of no cancellation, since it computes or reads, is left where it is: once nothing is unfinished, the
/// temporary files are removed and the program ends. A second signal ends it at once, but for temporary files, which are
/// removed, and containers, since they live on without us: what was asked to end is killed then.
public final class SignalWatch: Sendable {
    /// A thread of its own: those of the pool may all be busy.
    private let queue = DispatchQueue(label: "signals")
    /// When the first signal came, in nanoseconds of the machine's uptime.
    private let firstTime = Atomic<UInt64>(0)

    /// Signals that come so soon after the first are the same request: `timeout` signals its child and then the group.
    private static let repeatTime: UInt64 = 100_000_000

    /// Watches nothing yet.
    public init() {}

    /// The signal that came first; nil where none did.
    public var received: Int32? { EndingSignal.received }

    /// Runs `body` and cancels it when a signal comes; its result.
    func run(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
        let work = Task(operation: body)
        let sources = EndingSignal.watched.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in
                let now = DispatchTime.now().uptimeNanoseconds
                if EndingSignal.note(number) {
                    firstTime.store(now, ordering: .releasing)
                    work.cancel()
                    leave(number, quiet: 0)
                } else if now - firstTime.load(ordering: .acquiring) > Self.repeatTime {
                    hurry(number)
                }
            }
            source.resume()
            return source
        }
        let status = await work.value
        for source in sources { source.cancel() }
        return status
    }

    /// Ends the program at once, or as soon as no container is left behind.
    private func hurry(_ number: Int32) {
        if !Unfinished.hasContainers {
            Unfinished.removeFiles()
            _exit(128 + number)
        }
        if EndingSignal.isUrgent { return }
        EndingSignal.noteUrgency()
        queue.asyncAfter(deadline: .now() + Self.urgentTime) { _exit(128 + number) }
    }

    /// How long the removal of containers may take after a second signal; the next command removes what is left.
    private static let urgentTime = DispatchTimeInterval.seconds(10)

    /// Ends the program once nothing was unfinished for a tenth of a second: whoever heard of the cancellation had its time.
    private func leave(_ number: Int32, quiet count: Int) {
        queue.asyncAfter(deadline: .now() + .milliseconds(20)) { [self] in
            if count < 5 {
                return leave(number, quiet: Unfinished.hasWork || Unfinished.hasContainers ? 0 : count + 1)
            }
            Unfinished.removeFiles()
            _exit(128 + number)
        }
    }
}
