import SystemCalls
import SystemPackage

/// The lock that a command holds while it writes to a cache folder (docs/formats.md, "The lock").
public struct CacheLock: Sendable {
    private let lock: FileLock
    /// Whether nobody else held it.
    public let wasFree: Bool

    /// Waits for the lock at `path`.
    ///
    /// - Parameters:
    ///   - path: the lock's file; its folder is made where it is missing.
    ///   - timeout: how many seconds to wait; nil waits for ever.
    ///   - waiting: called once, after a second of waiting, with the holder's pid where it is known.
    /// - Throws: `CacheError.locked` when the time is up; `SystemError`.
    public static func acquire(
        _ path: FilePath, timeout: Double?, waiting: (Int32?) -> Void
    ) async throws -> CacheLock {
        try Files.createDirectories(path.removingLastComponent())
        let start = ContinuousClock.now
        var told = false
        var isFirst = true
        while true {
            if let lock = try FileLock.tryAcquire(path) { return CacheLock(lock: lock, wasFree: isFirst) }
            isFirst = false
            let waited = start.duration(to: .now)
            let holder = FileLock.holder(of: path)
            if !told, waited >= .seconds(1) {
                waiting(holder)
                told = true
            }
            if let timeout, waited >= .seconds(timeout) {
                throw CacheError.locked(path: path, holder: holder, seconds: timeout)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Gives the lock back.
    public func release() {
        lock.release()
    }
}
