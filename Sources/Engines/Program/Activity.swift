import Glibc
import Synchronization

/// Tells the watch that something moves.
final class Activity: Sendable {
    private let last = Mutex(ContinuousClock.now)
    private let pid = Mutex<pid_t>(0)

    /// Names the program that is watched.
    func watch(_ number: pid_t) { pid.withLock { $0 = number } }

    /// Whether the program has ended, though what it started may live on and hold its pipes.
    var isProgramGone: Bool {
        let number = pid.withLock { $0 }
        if number == 0 { return false }
        var information = siginfo_t()
        return waitid(P_PID, id_t(number), &information, WEXITED | WNOHANG | WNOWAIT) != 0 || information.si_signo != 0
    }

    func touch() { last.withLock { $0 = .now } }

    var silence: Duration { last.withLock { $0.duration(to: .now) } }
}
