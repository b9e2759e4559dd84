import Glibc
import Synchronization
import SystemCalls

/// Tells the watch that something moves.
final class Activity: Sendable {
    private let last = Mutex(ContinuousClock.now)
    private let pid = Mutex<pid_t>(0)
    private let isGroup = Mutex(false)

    /// Names the program that is watched, and says whether it has a process group of its own.
    func watch(_ number: pid_t, isGroup: Bool) {
        pid.withLock { $0 = number }
        self.isGroup.withLock { $0 = isGroup }
    }

    /// Sends a signal to the program, or to its group, while it runs.
    func pass(_ signal: Int32) {
        if isProgramGone { return }
        let number = pid.withLock { $0 }
        if number > 0 { kill(isGroup.withLock { $0 } ? -number : number, signal) }
    }

    /// Kills the program as soon as a second signal comes, if it still runs then.
    func killWhenUrgent() async {
        while !isProgramGone {
            if EndingSignal.isUrgent { return pass(SIGKILL) }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

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
