import Hashing
import SystemPackage
import TestSupport
import Testing

/// Pointers that no filter writes: of the empty file, and of a wrong size.
@Suite(.enabled(if: Requirements.tools("git"))) struct OddPointerTests {
    private func commit(_ sandbox: Sandbox, _ content: String, size: Int) async throws {
        try await sandbox.run("git", ["init", "-q", "r"]).check()
        try sandbox.write("r/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
        try sandbox.write("r/content", content)
        let oid = SHA256Digest(of: content.utf8).hexadecimal
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize \(size)\n"
        let blob = try await sandbox.run("git", ["hash-object", "-w", "--stdin"], in: "r", input: Array(pointer.utf8))
            .check().lines[0]
        try await sandbox.run("git", ["add", ".gitattributes"], in: "r").check()
        try await sandbox.run("git", ["update-index", "--add", "--cacheinfo", "100644,\(blob),a.bin"], in: "r").check()
        try await sandbox.run("git", ["commit", "-qm", "1"], in: "r").check()
        try await sandbox.run("cache-image", ["lfs", "clean"], in: "r", input: Array(content.utf8)).check()
    }

    /// What Git shows as modified is in `status`, too, whatever the index's stat data say.
    @Test func aPointerOfTheEmptyFileIsAChangeOnceItIsCheckedOut() async throws {
        try await Sandbox.with { sandbox in
            try await commit(sandbox, "", size: 0)
            try await sandbox.run("cache-image", ["lfs", "checkout"], in: "r").check()
            #expect(try sandbox.text("r/a.bin").isEmpty)
            for _ in 0..<2 {
                let git = try await sandbox.run("git", ["status", "--porcelain", "a.bin"], in: "r").check()
                let ours = try await sandbox.run("cache-image", ["lfs", "status", "--porcelain"], in: "r").check()
                #expect(git.output == " M a.bin\n" && ours.output == git.output, "\(ours)")
                try await sandbox.run("touch", ["-d", "1 hour ago", "a.bin"], in: "r").check()
            }
        }
    }

    @Test(arguments: [["checkout"], ["checkout", "a.bin"]]) func aWrongSizeIsNamed(words: [String]) async throws {
        try await Sandbox.with { sandbox in
            try await commit(sandbox, "1\n", size: 77)
            let result = try await sandbox.run("cache-image", ["lfs"] + words, in: "r").check(2)
            #expect(
                result.error.contains(
                    "cannot check out a.bin: its pointer is wrong: it says 77 bytes, and the object of this SHA-256 has 2"
                ),
                "\(result)")
        }
    }

    @Test func wordsThatAreNoCommitsAreNamed() async throws {
        try await Sandbox.with { sandbox in
            try await commit(sandbox, "1\n", size: 2)
            for word in ["a", "abc", "nope", "a b"] {
                let result = try await sandbox.run("cache-image", ["lfs", "ls-files", word], in: "r").check(2)
                #expect(result.error.contains("cannot list the files of \(word): it names no commit"), "\(result)")
                #expect(result.error.contains("hint: git lfs ls-files -I "), "\(result)")
            }
        }
    }
}
