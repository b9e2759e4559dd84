import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// `lfs checkout` in a clone of pointers whose objects are here.
@Suite(.enabled(if: Requirements.tools("git")))
struct WorkTreeCheckoutTests {
    /// A repository with the content of four files in its store, and pointers in its work tree.
    private func withPointers(_ body: (Sandbox) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            for name in ["a", "b", "d/c", "e"] {
                let pointer = try sandbox.store(Array("content of \(name)".utf8))
                try sandbox.write("repo/\(name).tar", bytes: pointer.encoded)
            }
            try await sandbox.git("-c", "filter.lfs.clean=cat", "add", "-A")
            try await sandbox.git("commit", "-qm", "pointers")
            try await body(sandbox)
        }
    }

    private func checkOut(_ sandbox: Sandbox) async throws -> CommandResult {
        try await sandbox.run("cache-image", ["lfs", "checkout"], in: "repo")
    }

    @Test(arguments: [0o444, 0o600, 0o640, 0o644, 0o664, 0o755, 0o400])
    func aFileKeepsItsPermissions(mode: UInt32) async throws {
        try await withPointers { sandbox in
            let file = sandbox.path("repo/a.tar")
            try Files.setPermissions(file, mode)
            try await checkOut(sandbox).check()
            #expect(try FileStatus.of(file)?.permissions == mode)
            #expect(try sandbox.text("repo/a.tar") == "content of a")
            #expect(try FileStatus.of(sandbox.path("repo/e.tar"))?.isExecutable == false)
        }
    }

    /// What stands in a file's place keeps nobody else's file from being written, and Git's index is right.
    @Test(arguments: ["folder", "link", "pipe", "link above"])
    func theOtherFilesAreWritten(obstacle: String) async throws {
        try await withPointers { sandbox in
            let path = obstacle == "link above" ? "d" : "b.tar"
            try await sandbox.run("rm", ["-r", path], in: "repo").check()
            switch obstacle {
            case "folder": try await sandbox.run("mkdir", [path], in: "repo").check()
            case "pipe": try await sandbox.run("mkfifo", [path], in: "repo").check()
            default:
                try sandbox.write("elsewhere/x", "x")
                try await sandbox.run("ln", ["-s", "../elsewhere", path], in: "repo").check()
            }
            let result = try await checkOut(sandbox).check()
            let name = obstacle == "link above" ? "d/c.tar" : "b.tar"
            #expect(result.error.contains("cannot check out \(name): "))
            #expect(try sandbox.text("repo/a.tar") == "content of a")
            #expect(try sandbox.text("repo/e.tar") == "content of e")
            #expect(!Files.exists(sandbox.path("elsewhere/c.tar")))
            let changed = try await sandbox.git("diff-files", "--name-only").output
            #expect(changed == name + "\n")
        }
    }
}
