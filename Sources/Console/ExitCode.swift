/// How a program of this package ends; the numbers are a contract.
public enum ExitCode: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    /// Usage, configuration, undeclared image, Dockerfile, a newer `algo`.
    case usage = 2
    /// Stale or missing.
    case stale = 3
    case corrupt = 4
    /// An LFS object that is neither here nor on the server, or not to be had offline.
    case objectUnavailable = 5
    case authentication = 6
    /// A quota or size limit.
    case quota = 7
    case network = 8
    /// Saved but not staged.
    case notStaged = 9
    case notARepository = 10
    /// The lock was not had in `--lock-timeout`.
    case locked = 11
    /// No container engine, or not reachable.
    case noEngine = 12
    case buildFailed = 13
    /// A test command took longer than its level allows.
    case timedOut = 124
    /// A failure of `run-tests` itself.
    case runTests = 125
    case interrupted = 130
    case terminated = 143
}
