import SystemCalls

/// When to ask again, and after how long; the clock can be exchanged, so that tests need not wait.
public struct RetryPolicy: Sendable {
    /// How often a request is made at most.
    public var limit = 8
    /// The wait before the second try; each further one doubles it.
    public var base = Duration.milliseconds(250)
    /// The longest wait that this side chooses.
    public var cap = Duration.seconds(10)
    /// The longest wait that a server may ask for.
    public var serverCap = Duration.seconds(300)
    /// The longest that one request waits in all its tries.
    public var totalCap = Duration.seconds(InputLimit.waitSeconds)
    /// Waits.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Seconds since 1970.
    public var now: @Sendable () -> Int64 = { FileStatus.Time.now.seconds }

    /// The defaults of git-lfs.
    public init() {}

    /// Takes `lfs.transfer.maxretries` and `maxretrydelay`.
    init(_ configuration: LFSConfiguration) {
        if let retries = configuration.count("lfs.transfer.maxretries") { limit = retries }
        if let delay = configuration.int("lfs.transfer.maxretrydelay"), delay >= 0 { cap = .seconds(delay) }
    }

    /// An error after which the same may be tried again.
    struct Again: Error {
        let cause: any Error
        /// What the server asked for, in seconds.
        let after: Int64?
        /// Fewer tries than usual.
        let limit: Int?
    }

    /// Marks an error as one that another try may help.
    static func again(_ cause: any Error, after: Int64? = nil, limit: Int? = nil) -> Again {
        Again(cause: cause, after: after, limit: limit)
    }

    /// The wait after a failed try, the first being 1.
    func delay(after attempt: Int, server: Int64?) -> Duration {
        if let server { return min(.seconds(max(0, server)), serverCap) }
        return min(base * (1 << min(attempt - 1, 20)), cap)
    }

    /// Runs work until it succeeds, fails for good, or has been tried often enough.
    func run<Result>(_ work: (_ attempt: Int) async throws -> Result) async throws -> Result {
        var attempt = 1
        var waited = Duration.zero
        while true {
            do {
                return try await work(attempt)
            } catch let again as Again {
                if attempt >= min(limit, again.limit ?? limit) { throw again.cause }
                let delay = delay(after: attempt, server: again.after)
                waited += delay
                if waited > totalCap { throw again.cause }
                try await sleep(delay)
                attempt += 1
            }
        }
    }
}
