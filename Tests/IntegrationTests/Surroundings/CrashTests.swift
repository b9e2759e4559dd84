import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A save that is killed before any one of the system calls that change names or flush files.
@Suite(.enabled(if: Requirements.tools("git", "tar", "strace")), .tags(.slow)) struct CrashTests {
    static let calls = "rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,fsync,fdatasync"

    @Test func theOldEntryOrTheNewOneIsThereAndTheNextSaveMendsTheRest() async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try await project.archive()
            try await project.import()
            try await sandbox.run("git", ["add", "a", "Dockerfile", "cache-image.yml"]).check()
            try await sandbox.run("git", ["commit", "-qm", "first"]).check()
            var points = 0
            var isWhole = false
            while !isWhole {
                points += 1
                try #require(points < 200)
                try sandbox.write("a", "version \(points)")
                try await project.archive()
                let killed = try await sandbox.run(
                    "strace",
                    [
                        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(Self.calls)",
                        "-e", "inject=\(Self.calls):signal=KILL:when=\(points)",
                        Sandbox.products.appending("cache-image").string, "import", "image.tar", "demo",
                    ])
                isWhole = killed.status == 0
                #expect(isWhole || killed.status == 128 + SIGKILL, "\(killed)")
                let state = try await sandbox.run("cache-image", ["status"]).check().output.prefix { $0 != " " }
                #expect(isWhole ? state == "fresh" : ["fresh", "stale"].contains(state), "point \(points): \(state)")
                if state == "fresh" { try await sandbox.run("cache-image", ["verify"]).check() }
                try await project.import()
                try await sandbox.run("cache-image", ["verify"]).check()
                let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("docker-cache").string)
                #expect(left.filter { $0.hasPrefix(".tmp-") } == [], "point \(points)")
                let status = try await sandbox.run("git", ["status", "--porcelain", "docker-cache"]).check().lines
                #expect(status.allSatisfy { $0.hasPrefix("M  ") }, "point \(points): \(status)")
            }
            // Fewer would mean that the calls have other names now, and that nothing was killed.
            #expect(points > 8)
        }
    }
}
