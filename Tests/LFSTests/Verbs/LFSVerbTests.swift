import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// The verbs, side by side with those of git-lfs.
@Suite(.enabled(if: Requirements.tools("git-lfs"))) struct LFSVerbTests {
    /// Runs a verb of both programs in two equal folders and compares status, stdout and stderr.
    private func compare(
        _ sandbox: Sandbox, _ arguments: [String], input: [UInt8] = [], comparesErrors: Bool = true
    ) async throws {
        let theirs = try await sandbox.run("git", ["lfs"] + arguments, in: "theirs", input: input)
        let ours = try await sandbox.run("cache-image", ["lfs"] + arguments, in: "ours", input: input)
        #expect(ours.output == theirs.output, "\(arguments)")
        #expect(ours.status == theirs.status, "\(arguments): \(ours.error)")
        if comparesErrors { #expect(ours.error == theirs.error, "\(arguments)") }
    }

    private func prepare(_ sandbox: Sandbox) async throws {
        for folder in ["theirs", "ours"] { try await sandbox.git("init", "-q", folder, in: "") }
    }

    @Test func trackAndUntrack() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            for arguments in [
                ["track", "*.tar"], ["track", "my file.bin"], ["track", "*.tar"], ["track"],
                ["track", "#hash.tar"], ["track", "q\"uote.tar"],
                ["track", "--filename", "x[1] y.tar"], ["track", "--json"], ["track", "--lockable", "*.psd"], ["track"],
                ["track", "./here.bin"], ["untrack", "*.tar", "nope"], ["untrack", "my file.bin"],
            ] {
                try await compare(sandbox, arguments)
                #expect(
                    try sandbox.text("ours/.gitattributes") == sandbox.text("theirs/.gitattributes"), "\(arguments)")
            }
        }
    }

    @Test func filesThatGitHoldsAreTouchedWhenTracked() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "ours", in: "")
            try sandbox.write("ours/a.tar", "image")
            try await sandbox.git("add", "-A", in: "ours")
            try await sandbox.git("commit", "-qm", "first", in: "ours")
            try await sandbox.run("touch", ["-d", "1 hour ago", "a.tar"], in: "ours").check()
            try await sandbox.run("cache-image", ["lfs", "track", "*.tar"], in: "ours").check()
            let age =
                FileStatus.Time.now.seconds - (try FileStatus.of(sandbox.path("ours/a.tar"))?.modified.seconds ?? 0)
            #expect(age < 60)
        }
    }

    @Test func pointer() async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            let pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "a", count: 64))\nsize 7\n"
            for folder in ["theirs", "ours"] {
                try sandbox.write("\(folder)/a.tar", "hello\n")
                try sandbox.write("\(folder)/p", pointer)
                try sandbox.write("\(folder)/loose", "\n" + pointer)
            }
            for arguments in [
                ["--file=a.tar"], ["--file=a.tar", "--pointer=p"], ["--pointer=p"], ["--check", "--file=p"],
                ["--check", "--file=a.tar"], ["--check", "--strict", "--file=loose"], ["--check", "--file=loose"],
                ["--check", "--no-strict", "--file=loose"], ["--check"], [], ["--file=nope"],
                ["--check", "--file=nope"],
            ] {
                try await compare(sandbox, ["pointer"] + arguments)
            }
            try await compare(sandbox, ["pointer", "--stdin"], input: Array(pointer.utf8))
            try await compare(sandbox, ["pointer", "--check", "--stdin"], input: Array(pointer.utf8))
            try await compare(sandbox, ["pointer", "--file=a.tar", "--stdin"], input: Array(pointer.utf8))
        }
    }

    @Test(arguments: try PointerVector.all())
    func checkAgreesOnEveryVector(_ vector: PointerVector) async throws {
        try await Sandbox.with { sandbox in
            try await prepare(sandbox)
            try await compare(sandbox, ["pointer", "--check", "--stdin"], input: vector.bytes)
            try await compare(sandbox, ["pointer", "--check", "--strict", "--stdin"], input: vector.bytes)
        }
    }

    @Test func lsFilesAndStatus() async throws {
        try await Sandbox.with { sandbox in
            for folder in ["theirs", "ours"] {
                try await sandbox.git("init", "-q", folder, in: "")
                for (name, value) in [("clean", "git-lfs clean -- %f"), ("smudge", "git-lfs smudge -- %f")] {
                    try await sandbox.git("config", "filter.lfs.\(name)", value, in: folder)
                }
                try sandbox.write("\(folder)/.gitattributes", "*.tar filter=lfs diff=lfs merge=lfs -text\n")
                try sandbox.write("\(folder)/a.tar", "hello\n")
                try sandbox.write("\(folder)/dir/b c.tar", String(repeating: "x", count: 12345))
                try sandbox.write("\(folder)/plain", "text")
                try await sandbox.git("add", "-A", in: folder)
            }
            let listings = [
                ["ls-files", "-l", "-s"], ["ls-files"], ["ls-files", "-d"], ["ls-files", "-n"], ["ls-files", "--json"],
                ["status"], ["status", "--porcelain"], ["status", "--json"],
            ]
            // Before the first commit git-lfs has no fixed order.
            for arguments in listings.suffix(3) { try await compare(sandbox, arguments) }
            for folder in ["theirs", "ours"] { try await sandbox.git("commit", "-qm", "first", in: folder) }
            for arguments in listings { try await compare(sandbox, arguments) }
            for folder in ["theirs", "ours"] {
                try sandbox.write("\(folder)/a.tar", "hello again\n")
                try await sandbox.git("add", "a.tar", in: folder)
                try Files.remove(sandbox.path("\(folder)/dir/b c.tar"))
                try sandbox.write("\(folder)/plain", "other text")
            }
            for arguments in listings { try await compare(sandbox, arguments) }
            for arguments in [["HEAD"], ["-I", "*.tar", "-X", "dir"], ["--include=dir"]] {
                try await compare(sandbox, ["ls-files"] + arguments)
            }
        }
    }

    @Test func aCloneOfPointersIsFilledFromTheStore() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let content = Array("an image".utf8)
            let pointer = try sandbox.store(content)
            try sandbox.write("repo/dir/a.tar", bytes: content)
            try sandbox.write("repo/b.tar", bytes: content, permissions: 0o755)
            try await sandbox.openRepository().stage(archives: ["dir/a.tar": pointer, "b.tar": pointer], files: [])
            try await sandbox.git("commit", "-qm", "image")
            try await sandbox.git("clone", "-q", "repo", "clone", in: "")
            #expect(try sandbox.read("clone/dir/a.tar") == pointer.encoded)
            let skipped = try await sandbox.run("cache-image", ["lfs", "checkout"], in: "clone").check()
            #expect(skipped.error.contains("Skipped checkout for \"dir/a.tar\", content not local."))
            _ = try ObjectResolver(sandbox.openRepository("clone")).require(pointer)
            try await sandbox.run("cache-image", ["lfs", "checkout", "dir/"], in: "clone").check()
            #expect(try sandbox.read("clone/b.tar") == pointer.encoded)
            try await sandbox.run("cache-image", ["lfs", "checkout"], in: "clone").check()
            #expect(try sandbox.read("clone/dir/a.tar") == content)
            #expect(try sandbox.read("clone/b.tar") == content)
            #expect(try FileStatus.of(sandbox.path("clone/b.tar"))?.isExecutable ?? false)
            #expect(try FileStatus.of(sandbox.path("clone/b.tar"))?.linkCount == 1)
            #expect(try await sandbox.git("status", "--porcelain", in: "clone").output == "")
            try await sandbox.git("lfs", "fsck", in: "clone")
        }
    }
}
