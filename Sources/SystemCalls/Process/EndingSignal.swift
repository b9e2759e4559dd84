import Glibc
import Synchronization

/// The signals that ask this process to end, and the one of them that came.
public enum EndingSignal {
    /// All that are taken for such a request, unless the process was started so that it ignores a hangup (`nohup`).
    public static var watched: [Int32] {
        let always = [SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2]
        return isIgnored(SIGHUP) ? always : always + [SIGHUP]
    }

    private static let first = Atomic<Int32>(0)

    /// The signal that came first; nil where none did.
    public static var received: Int32? {
        let number = first.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    private static let hurry = Atomic(false)

    /// Whether a second signal came: what was asked to end is killed.
    public static var isUrgent: Bool { hurry.load(ordering: .acquiring) }

    /// Takes note of a second signal.
    public static func noteUrgency() { hurry.store(true, ordering: .releasing) }

    /// Takes note of a signal; whether it is the first.
    public static func note(_ number: Int32) -> Bool {
        first.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing).exchanged
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
