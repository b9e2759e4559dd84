import Foundation
import JSON
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// `lock`, `locks`, `unlock`, and the modes of lockable files.
@Suite(.enabled(if: Requirements.tools("git"))) struct LockVerbTests {
    private func lfs(
        _ fixture: FaultServer, _ arguments: String..., in folder: String = "w"
    ) async throws -> CommandResult {
        try await fixture.sandbox.run("cache-image", ["lfs"] + arguments, in: folder)
    }

    private func isWritable(_ fixture: FaultServer, _ name: String) throws -> Bool {
        try (FileStatus.of(fixture.sandbox.path("w/" + name))?.permissions ?? 0) & 0o222 != 0
    }

    private func prepare(_ fixture: FaultServer) async throws {
        try fixture.sandbox.write("w/.gitattributes", "*.psd lockable\n")
        for name in ["a.psd", "sub/[b] c.psd", "free.txt"] { try fixture.sandbox.write("w/" + name, "1\n") }
        try await fixture.git("add", ".")
        try await fixture.git("commit", "-qm", "1")
    }

    @Test func aFileIsLockedListedAndGivenBack() async throws {
        try await FaultServer.with { fixture in
            try await prepare(fixture)
            #expect(try await lfs(fixture, "post-commit").check().output.isEmpty)
            #expect(try !isWritable(fixture, "a.psd") && isWritable(fixture, "free.txt"))
            #expect(try await lfs(fixture, "lock", "a.psd").check().output == "Locked a.psd\n")
            let second = try await lfs(fixture, "lock", "--json", "[b] c.psd", in: "w/sub").check()
            #expect(try JSONValue(parsing: second.outputBytes).array?.first?["path"] == "sub/[b] c.psd")
            try await lfs(fixture, "lock", "free.txt").check()
            for verb in ["post-merge", "post-commit"] {
                try await lfs(fixture, verb, "0").check()
                #expect(try isWritable(fixture, "a.psd") && isWritable(fixture, "sub/[b] c.psd"))
            }
            // The server gives two at a time.
            let list = try await lfs(fixture, "locks").check()
            #expect(
                list.output
                    == "a.psd        \tAnn\tID:i0/x\nfree.txt     \tAnn\tID:i2/x\nsub/[b] c.psd\tAnn\tID:i1/x\n")
            #expect(try await lfs(fixture, "locks", "--cached").check().output == list.output)
            #expect(try await lfs(fixture, "locks", "--local").check().output == list.output)
            #expect(try await lfs(fixture, "locks", "--limit", "1").check().lines.count == 1)
            #expect(try await lfs(fixture, "locks", "--path", "../a.psd", in: "w/sub").check().lines.count == 1)
            let taken = try await lfs(fixture, "lock", "a.psd")
            #expect(taken.status == 2 && taken.error == "Locking a.psd failed: already created lock\n")

            try fixture.sandbox.write("w/a.psd", "2\n")
            let refused = try await lfs(fixture, "unlock", "a.psd")
            #expect(refused.status == 2 && refused.error.contains("uncommitted changes"))
            try await fixture.git("checkout", "a.psd")
            #expect(try await lfs(fixture, "unlock", "a.psd").check().output == "Unlocked a.psd\n")
            #expect(try await lfs(fixture, "unlock", "--id", "i1/x").check().output == "Unlocked Lock i1/x\n")
            try await lfs(fixture, "unlock", "free.txt").check()
            #expect(try !isWritable(fixture, "a.psd") && !isWritable(fixture, "sub/[b] c.psd"))
            #expect(try isWritable(fixture, "free.txt"))
            #expect(try await lfs(fixture, "locks", "--local").check().output.isEmpty)
            let none = try await lfs(fixture, "unlock", "a.psd")
            #expect(none.status == 2 && none.error.contains("no matching locks"))
        }
    }

    @Test func theSettingLeavesModesAlone() async throws {
        try await FaultServer.with { fixture in
            try await prepare(fixture)
            try await fixture.git("config", "lfs.setlockablereadonly", "false")
            try await lfs(fixture, "post-checkout", "a", "b", "1").check()
            #expect(try isWritable(fixture, "a.psd"))
        }
    }

    @Test(arguments: [
        (["lock", "sub"], "cannot lock directory: sub"), (["lock", "../x"], "outside the work tree"),
        (["unlock"], "Exactly one of --id"), (["unlock", "--id", "1", "a.psd"], "Exactly one of --id"),
        (["locks", "--cached"], "no cached locks"), (["locks", "--verify", "--local"], "can't be combined"),
    ]) func whatCannotBeDoneIsSaid(arguments: [String], said: String) async throws {
        try await FaultServer.with { fixture in
            try await prepare(fixture)
            let result = try await fixture.sandbox.run("cache-image", ["lfs"] + arguments, in: "w")
            #expect(result.status == 2 && result.error.contains(said), "\(result)")
        }
    }

    @Test func aServerWithoutLocksIsNamed() async throws {
        try await FaultServer.with { fixture in
            try await prepare(fixture)
            try await fixture.git("config", "lfs.url", fixture.server.url + "/other")
            let result = try await lfs(fixture, "lock", "a.psd")
            #expect(result.status == 2 && result.error.contains("the server has no locks"), "\(result)")
            try await fixture.git("config", "lfs.url", fixture.sandbox.path("").string)
            let folder = try await lfs(fixture, "locks")
            #expect(folder.status == 2 && folder.error.contains("only LFS servers have locks"), "\(folder)")
        }
    }
}
