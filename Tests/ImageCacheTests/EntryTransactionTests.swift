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

    @Test func filesOfDeadProcessesAreSweptAndOthersKept() async throws {
        try await Sandbox.with { sandbox in
            let gone = try await sandbox.run("sh", ["-c", "echo $$"]).check().output.filter(\.isNumber)
            try sandbox.write("docker-cache/.tmp-\(gone)-abc", "")
            try sandbox.write("docker-cache/.tmp-\(gone)-dir/file", "")
            try sandbox.write("docker-cache/.tmp-1-abc", "")
            try sandbox.write("docker-cache/.tmp-x", "")
            try TemporaryFiles.sweep(sandbox.path("docker-cache"))
            #expect(
                try Files.names(in: sandbox.path("docker-cache")).map(\.string) == [".tmp-1-abc", ".tmp-x"])
        }
    }
}
