import SystemCalls
import TestSupport
import Testing

@testable import ImageCache

@Suite struct CacheLockTests {
    @Test func aSecondHolderWaitsAndIsToldTheFirst() async throws {
        try await Sandbox.with { sandbox in
            let path = sandbox.path("state/lock")
            let first = try await CacheLock.acquire(path, timeout: nil) { _ in }
            await #expect(throws: CacheError.self) {
                _ = try await CacheLock.acquire(path, timeout: 0.1) { _ in }
            }
            var holders: [Int32?] = []
            await #expect(throws: CacheError.self) {
                _ = try await CacheLock.acquire(path, timeout: 1.2) { holders.append($0) }
            }
            #expect(holders.count == 1)
            #expect(holders.first == FileLock.holder(of: path))
            first.release()
            try await CacheLock.acquire(path, timeout: 0.1) { _ in }.release()
        }
    }
}
