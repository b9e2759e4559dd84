import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine, .slow)) struct FaultTests {
    /// Kills `cache-image update`, nearly always inside the engine's build; the next one must repair what is left.
    ///
    /// `CrashTests` kills between the steps of a save.
    @Test func aKilledUpdateIsMadeGoodByTheNextOne() async throws {
        let moments = Int(ProcessInfo.processInfo.environment["KILL_MOMENTS"] ?? "") ?? 6
        var generator = SeededGenerator()
        let delays = (0..<moments).map { _ in Double.random(in: 0.02...3, using: &generator) }
        try await Project.with { (project) async throws in
            for (moment, delay) in delays.enumerated() {
                try project.write("src/main.txt", "version \(moment)\n")
                let program = Sandbox.products.appending("cache-image").string
                let killed = try await project.sandbox.run(
                    "/bin/sh", ["-c", "'\(program)' update & sleep \(delay); kill -9 $!; wait $!"], in: project.folder,
                    environment: try project.storeVariables("a"))
                #expect([0, 137].contains(killed.status), "\(killed)")
                let state = try await project.cacheImage("status").check().output
                let update = try await project.cacheImage("update").check()
                #expect(["built", "current", "loaded", "restored"].contains(Project.words(update)[0]))
                if state.hasPrefix("stale") { #expect(Project.words(update)[0] != "current") }
                #expect(try await project.runTests("unit").check().output.hasPrefix("version \(moment)\n"))
                try await project.cacheImage("verify").check()
                let left = try FileManager.default.contentsOfDirectory(atPath: project.path("docker-cache").string)
                #expect(left.filter { $0.hasPrefix(".tmp-") } == [])
                let scratch = project.path(".git/cache-image").string
                let leftScratch = try FileManager.default.contentsOfDirectory(atPath: scratch)
                #expect(leftScratch.filter { $0.hasPrefix(".tmp-") } == [])
            }
        }
    }

    @Test func aFullDiskLeavesTheOldEntry() async throws {
        try await Project.with { (project) async throws in
            let cache = project.path("docker-cache")
            try FileManager.default.createDirectory(atPath: cache.string, withIntermediateDirectories: true)
            let mounted = try await project.sandbox.run(
                "mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", cache.string])
            try #require(mounted.status == 0, "this test mounts a file system: \(mounted.error)")
            defer { umount2(cache.string, 2 /* MNT_DETACH */) }
            try project.write(".gitignore", "docker-cache/\n")
            try await project.cacheImage("update").check()
            let before = try project.sandbox.read("project/docker-cache/demo-latest.md5")
            try project.write("src/main.txt", String(repeating: "x", count: 1 << 20))
            let failed = try await project.cacheImage("update").check(1)
            #expect(failed.error.contains("No space left on device"))
            #expect(try project.sandbox.read("project/docker-cache/demo-latest.md5") == before)
            #expect(try await project.cacheImage("verify").check(0).output.hasPrefix("verified"))
            let names = try FileManager.default.contentsOfDirectory(atPath: cache.string)
            #expect(names.filter { $0.hasPrefix(".tmp-") } == [])
        }
    }

    @Test func anInterruptedUpdateEndsWithTheSignalsStatusAndLeavesNothing() async throws {
        try await Project.with { (project) async throws in
            try project.write("Dockerfile", Project.dockerfile + "RUN echo the last step; sleep 30\n")
            let program = Sandbox.products.appending("cache-image").string
            let interrupted = try await project.sandbox.run(
                "/bin/sh",
                [
                    "-c",
                    """
                    '\(program)' update 2>log & program=$!
                    until grep -q 'the last step' log; do sleep 0.05; kill -0 $program || exit 1; done
                    kill -TERM $program; wait $program
                    """,
                ], in: project.folder,
                environment: try project.storeVariables("a"))
            #expect(interrupted.status == 143, "\(interrupted)")
            let scratch = project.path(".git/cache-image").string
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
            #expect(left.filter { $0.hasPrefix(".tmp-") } == [])
        }
    }
}
