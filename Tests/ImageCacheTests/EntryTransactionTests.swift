import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import ImageCache

@Suite struct EntryTransactionTests {
    func paths(_ sandbox: Sandbox) -> EntryPaths {
        EntryPaths(folder: sandbox.path("docker-cache"), stem: "demo-latest")
    }

    @Test func committedFilesAreVisibleAndTemporaryOnesGone() async throws {
        try await Sandbox.with { sandbox in
            let paths = paths(sandbox)
            var transaction = try EntryTransaction(paths)
            try transaction.write([1], to: paths.archive)
            try transaction.write([2], to: paths.record)
            try transaction.write([3], to: paths.sidecar)
            #expect(!Files.exists(paths.archive))
            try transaction.commit()
            #expect(
                try Files.names(in: paths.folder).map(\.string) == [
                    "demo-latest.inputs.json", "demo-latest.md5", "demo-latest.tar",
                ])
        }
    }

    @Test func aRolledBackTransactionLeavesTheOldEntry() async throws {
        try await Sandbox.with { sandbox in
            let paths = paths(sandbox)
            var first = try EntryTransaction(paths)
            try first.write([3], to: paths.sidecar)
            try first.commit()
            var second = try EntryTransaction(paths)
            try second.write([4], to: paths.sidecar)
            second.rollBack()
            #expect(try Files.read(paths.sidecar) == [3])
            #expect(try Files.names(in: paths.folder).count == 1)
        }
    }

    @Test func whatTheNewVersionDoesNotHaveIsRemovedInItsPlace() async throws {
        try await Sandbox.with { sandbox in
            let paths = paths(sandbox)
            var first = try EntryTransaction(paths)
            for target in [paths.archive, paths.steps, paths.sidecar] { try first.write([1], to: target) }
            try first.commit()
            var second = try EntryTransaction(paths)
            for target in [paths.archive, paths.steps, paths.sidecar] { try second.write([2], to: target) }
            second.remove(paths.steps)
            second.remove(paths.baseLock)
            #expect(
                second.steps == [
                    .removeSidecar, .synchronize, .rename(to: paths.archive), .remove(paths.steps),
                    .rename(to: paths.sidecar), .synchronize,
                ])
            try second.commit()
            #expect(try Files.names(in: paths.folder).map(\.string) == ["demo-latest.md5", "demo-latest.tar"])
        }
    }

    @Test func theSidecarGoesFirstAndComesLast() async throws {
        try await Sandbox.with { sandbox in
            let paths = paths(sandbox)
            var transaction = try EntryTransaction(paths)
            #expect(transaction.steps.isEmpty)
            for target in [paths.sidecar, paths.record, paths.baseLock, paths.steps, paths.archive] {
                try transaction.write([1], to: target)
            }
            #expect(
                transaction.steps == [
                    .removeSidecar, .synchronize, .rename(to: paths.archive), .rename(to: paths.steps),
                    .rename(to: paths.baseLock), .rename(to: paths.record), .rename(to: paths.sidecar), .synchronize,
                ])
            transaction.drop(paths.archive)
            transaction.drop(paths.steps)
            #expect(
                transaction.steps == [
                    .removeSidecar, .synchronize, .rename(to: paths.baseLock), .rename(to: paths.record),
                    .rename(to: paths.sidecar), .synchronize,
                ])
            transaction.rollBack()
        }
    }

    /// What a folder holds of an entry: the first byte of each file.
    private func bytes(_ paths: EntryPaths) throws -> [UInt8?] {
        try [paths.archive, paths.baseLock, paths.record, paths.sidecar].map { try Files.read($0)?.first }
    }

    @Test func aFailureBeforeAnyStepLeavesTheOldEntryTheNewOneOrAStaleOne() async throws {
        var ends: [String] = []
        for number in 0...6 {
            try await Sandbox.with { sandbox in
                let paths = paths(sandbox)
                let targets = [paths.archive, paths.baseLock, paths.record, paths.sidecar]
                var old = try EntryTransaction(paths)
                for target in targets { try old.write([1], to: target) }
                try old.commit()
                var new = try EntryTransaction(paths)
                for target in targets { try new.write([2], to: target) }
                #expect(new.steps.count == 7)
                var count = 0
                #expect(throws: SystemError.self) {
                    try new.commit { (_: EntryTransaction.Step) throws(SystemError) in
                        if count == number { throw SystemError("stop", "here", .interrupted) }
                        count += 1
                    }
                }
                new.rollBack()
                let found = try bytes(paths)
                // The sidecar is there only where all is of one version.
                if found.last != .some(nil) { #expect(Set(found).count == 1, "\(number): \(found)") }
                ends.append(found == [1, 1, 1, 1] ? "old" : found == [2, 2, 2, 2] ? "new" : "stale")
                #expect(try Files.names(in: paths.folder).allSatisfy { !$0.string.hasPrefix(".tmp-") })
            }
        }
        #expect(ends == ["old", "stale", "stale", "stale", "stale", "stale", "new"])
    }

    @Test func aFileThatCannotBeRenamedIsRemovedByTheRollBack() async throws {
        try await Sandbox.with { sandbox in
            let paths = paths(sandbox)
            try sandbox.write("docker-cache/demo-latest.inputs.json/file", "")
            var transaction = try EntryTransaction(paths)
            try transaction.write([1], to: paths.archive)
            try transaction.write([1], to: paths.record)
            try transaction.write([1], to: paths.sidecar)
            #expect(throws: SystemError.self) { try transaction.commit() }
            transaction.rollBack()
            #expect(
                try Files.names(in: paths.folder).map(\.string) == ["demo-latest.inputs.json", "demo-latest.tar"])
        }
    }

    @Test func filesOfDeadProcessesAreSweptAndOthersKept() async throws {
        try await Sandbox.with { sandbox in
            let gone = try await sandbox.deadProcess()
            let folder = sandbox.path("docker-cache")
            let alive = ".tmp-" + TemporaryName.unique(of: 1)
            for name in [TemporaryName.unique(of: gone), TemporaryName.unique(of: gone) + ".spool"] {
                try sandbox.write("docker-cache/.tmp-\(name)", "")
            }
            let dead = TemporaryName.unique(of: gone).dropLast(13) + "aB3xyz"
            try sandbox.write("docker-cache/.tmp-\(dead)/file", "")
            // What people call their own files and folders stays, however old.
            let others = [
                ".tmp-\(gone)", ".tmp-\(gone)-abc", ".tmp-\(gone)-01-15", ".tmp-\(gone)-backup-old", ".tmp-2024-01-15",
                ".tmp-x", alive,
            ]
            for name in others {
                try sandbox.write("docker-cache/\(name)", "")
                try await sandbox.run("touch", ["-d", "3 days ago", "docker-cache/\(name)"]).check()
            }
            TemporaryName.removeLeftovers(in: folder, filesOnly: true)
            #expect(Files.exists(folder.appending(".tmp-\(dead)")))
            TemporaryName.removeLeftovers(in: folder)
            #expect(try Files.names(in: folder).map(\.string) == others.sorted())
        }
    }
}
