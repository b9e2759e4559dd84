import OSTemplate
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import OSPackages

@Suite struct PackageCacheLockTests {
    @Test func twoBuildsFetchEachPackageOnce() async throws {
        try await Sandbox.with { sandbox in
            var made = try HandMadeCache(in: sandbox)
            made.source.delay = .milliseconds(200)
            let both = made
            async let first = both.ensure(in: both.cache())
            async let second = both.ensure(in: both.cache())
            let reports = try await [first, second]
            #expect(reports.map(\.downloaded.count).sorted() == [0, 3])
            #expect(reports.map(\.cached.count).sorted() == [0, 3])
            #expect(made.fetched() == ["a", "b", "c"])
        }
    }

    /// Another process fetches, and is killed: its leftovers go, and the lock with it.
    @Test(.enabled(if: Requirements.tools("python3"))) func waitsForAnotherProcessAndCleansUpAfterIt() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(in: sandbox)
            try sandbox.write("cache/.partial/.tmp-1-0-x/a_1_all.deb", "half of")
            let holder = try await LockHolder.start("cache/.fetch.lock", "exclusive", in: sandbox)
            defer { holder.end() }
            let error = try await packageError {
                _ = try await PackageCache(folder: sandbox.path("cache"), patience: .milliseconds(50)).ensure(
                    made.packages, from: made.source, isOffline: false, workers: 1)
            }
            #expect(error?.kind == .busy)
            #expect(made.fetched().isEmpty)
            async let report = made.ensure()
            try await Task.sleep(for: .milliseconds(50))
            holder.end()
            #expect(try await report.downloaded.count == 3)
            #expect(try Files.names(in: sandbox.path("cache/.partial")).isEmpty)
        }
    }

    @Test func cancellationLeavesNothing() async throws {
        try await Sandbox.with { sandbox in
            var made = try HandMadeCache(in: sandbox)
            made.source.delay = .seconds(30)
            let slow = made
            let task = Task { try await slow.ensure() }
            while (try? Files.names(in: sandbox.path("cache/.partial")))?.isEmpty ?? true {
                try await Task.sleep(for: .milliseconds(10))
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try Files.names(in: sandbox.path("cache/.partial")).isEmpty)
            made.source.delay = .zero
            #expect(try await made.ensure().downloaded.count == 3)
        }
    }

    @Test func removesWhatWasUnusedForLongest() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(["a", "b", "c", "d"], in: sandbox)
            for (age, package) in made.packages.enumerated() {
                _ = try await made.ensure([package], in: made.cache(now: 1000 + Int64(age)))
            }
            try sandbox.write("cache/mine_1_all.deb", "a file of the user")
            let cache = made.cache(now: 1004 + 86_400)
            #expect(try cache.inventory().map(\.name).contains("mine_1_all.deb"))
            // a is the oldest, but is kept; c and d fit.
            var gone = try await cache.retain(maxSize: 3000, retentionDays: nil, keeping: ["a_1_all.deb"])
            #expect(gone.map(\.name) == ["b_1_all.deb"])
            gone = try await cache.retain(maxSize: nil, retentionDays: 1, keeping: [])
            #expect(gone.map(\.name) == ["a_1_all.deb", "c_1_all.deb", "d_1_all.deb"])
            #expect(try cache.inventory() == [CachedFile(name: "mine_1_all.deb", size: 18, lastUsed: nil)])
        }
    }

    @Test func removesNothingThatABuildUses() async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(in: sandbox)
            let (cache, other) = (made.cache(), made.cache())
            let using = try await cache.hold(.shared)
            _ = try await made.ensure(in: cache)
            let also = try await other.hold(.shared)
            #expect(try await cache.retain(maxSize: 0, retentionDays: nil, keeping: []).isEmpty)
            let error = try await packageError { _ = try await cache.clean(dryRun: false) }
            #expect(error?.kind == .busy)
            also.release()
            // Its own lock is no hindrance, and stays.
            let gone = try await cache.retain(maxSize: 1000, retentionDays: nil, keeping: ["b_1_all.deb"])
            #expect(gone.map(\.name) == ["a_1_all.deb", "c_1_all.deb"])
            #expect(try OpenFileLock.tryAcquire(sandbox.path("cache/.use.lock"), .exclusive) == nil)
            using.release()
            let would = try await cache.clean(dryRun: true)
            #expect(would.map(\.name) == ["b_1_all.deb"])
            #expect(Files.exists(made.path(made.packages[1])))
            #expect(try await cache.clean(dryRun: false) == would)
            #expect(try cache.inventory().isEmpty)
        }
    }

    @Test(arguments: ["", "{", #"{"version":1,"files":[{"name":"../x.deb","size":1}]}"#, "link"])
    func damagedIndexRemovesNothing(_ text: String) async throws {
        try await Sandbox.with { sandbox in
            let made = try HandMadeCache(in: sandbox)
            _ = try await made.ensure()
            let index = sandbox.path("cache/.index.json")
            try Files.remove(index)
            if text == "link" {
                try Files.makeLink(index, to: "/etc/passwd")
            } else {
                try sandbox.write("cache/.index.json", text)
            }
            #expect(try await made.cache().retain(maxSize: 0, retentionDays: 0, keeping: []).isEmpty)
            #expect(try await made.ensure([made.packages[2]]).cached.count == 1)
            #expect(try made.cache().inventory().map(\.lastUsed) == [nil, nil, 1_000_000_000])
            let gone = try await made.cache().retain(maxSize: 0, retentionDays: nil, keeping: [])
            #expect(gone.map(\.name) == ["c_1_all.deb"])
        }
    }
}
