import Git
import SystemCalls
import SystemPackage

/// The right to write to the cache, which one command has at a time.
struct WriteAccess {
    let folder: CacheFolder
    let places: StatePlaces
    let repository: Repository?
    let leftovers: Leftovers
    /// How long another command is waited for, in seconds; nil waits for ever.
    let timeout: Double?
    let turn: Turn
    let events: CacheEvents

    /// Whether this command has the right already: what it does in its turn may need it once more.
    ///
    /// Not to be used from two tasks at once.
    final class Turn {
        fileprivate var isMine = false
    }

    /// Runs `body` with the cache's lock held and the leftovers of killed commands removed.
    ///
    /// Nothing is written, or removed, where the cache folder is a link out of the work tree.
    ///
    /// - Parameters:
    ///   - leavingLeftovers: Leaves it to `body` to remove leftovers.
    ///   - body: Writes to the cache.
    func run<Result>(leavingLeftovers: Bool = false, _ body: () async throws -> Result) async throws -> Result {
        try await run(leavingLeftovers: leavingLeftovers) { (_: Bool) in try await body() }
    }

    /// Runs `body` with the lock held; nil where another command has it.
    func runIfFree<Result>(_ body: () async throws -> Result) async throws -> Result? {
        let quick = WriteAccess(
            folder: folder, places: places, repository: repository, leftovers: leftovers, timeout: 0, turn: turn,
            events: events)
        do {
            return try await quick.run(leavingLeftovers: true, body)
        } catch CacheError.locked { return nil }
    }

    /// Runs `body` with the lock held; it learns whether the lock was had at once.
    func run<Result>(
        leavingLeftovers: Bool = false, _ body: (_ wasFree: Bool) async throws -> Result
    ) async throws -> Result {
        if turn.isMine { return try await body(true) }
        try folder.check()
        try places.prepare()
        places.prepare(places.lock)
        let lock = try await CacheLock.acquire(places.lock, timeout: timeout) { holder in
            let process = holder.map { "process \($0)" } ?? "another process"
            events.note("waiting for \(process), which holds \(places.lock)")
        }
        turn.isMine = true
        defer {
            turn.isMine = false
            lock.release()
        }
        repository?.forgetRules()
        if !leavingLeftovers { leftovers.remove() }
        if let repository, let cache = repository.relativePath(of: folder.path) {
            // Where info/exclude cannot be written, temporary files show as untracked for as long as they live.
            _ = try? repository.exclude("/".utf8 + LiteralPattern.of(cache.bytes) + "/.tmp-*".utf8)
        }
        return try await body(lock.wasFree)
    }
}
