import Foundation
import TestSupport
import Testing

/// What a command that stores an image does about older versions.
@Suite(.enabled(if: Requirements.tools("git", "tar")))
struct LimitsAfterSaveTests {
    /// A project whose image is imported in versions, each committed and pushed.
    private func with(
        limits: String, _ body: (Sandbox, _ store: (String) async throws -> CommandResult) async throws -> Void
    ) async throws {
        try await Sandbox.with { sandbox in
            let project = try await ImportedProject(sandbox)
            try sandbox.write(
                "cache-image.yml",
                "images: {demo: {platform: linux/amd64}}\nstorage: {image_cache: {\(limits)}}\n")
            try sandbox.write(".gitignore", "home\n*.tar\n!docker-cache/*.tar\nsrv.git\n/*.json\n")
            try await sandbox.run("git", ["init", "-q", "--bare", "srv.git"]).check()
            try await sandbox.run("git", ["remote", "add", "origin", "srv.git"]).check()
            try await body(sandbox) { text in
                try sandbox.write("a", text)
                try await project.archive()
                let result = try await project.import()
                try await sandbox.run("git", ["add", "-A"]).check()
                try await sandbox.run("git", ["commit", "-qm", text]).check()
                return result
            }
        }
    }

    private func count(_ sandbox: Sandbox) async throws -> Int {
        try await sandbox.run("find", [".git/lfs/objects", "-type", "f"]).check().lines.count
    }

    @Test func onlyWhatWasPushedGoes() async throws {
        try await with(limits: "max_count: 1") { sandbox, store in
            for text in ["1", "2"] {
                let quiet = try await store(text)
                #expect(!quiet.error.contains("removed"), "\(quiet)")
            }
            // Two versions of commits that are not pushed.
            #expect(try await count(sandbox) == 2)
            try await sandbox.run("cache-image", ["push"]).check()
            let third = try await store("3")
            #expect(third.error.contains("removed 1 older version"), "\(third)")
            // The present one, and that of the branch.
            #expect(try await count(sandbox) == 2)
        }
    }

    @Test func theShareOfTheBoundIsToldWhereItIsLarge() async throws {
        try await with(limits: "max_size_gb: 0.00003") { _, store in
            let first = try await store("1")
            #expect(first.error.contains("demo:latest: 1 local version, 14 kB of the 30 kB"), "\(first)")
            _ = try await store("2")
            let third = try await store("3")
            #expect(third.error.contains("more than the 30 kB of max_size_gb"), "\(third)")
        }
        try await with(limits: "max_size_gb: 1") { _, store in
            let quiet = try await store("1")
            #expect(!quiet.error.contains("local version"), "\(quiet)")
        }
    }
}
