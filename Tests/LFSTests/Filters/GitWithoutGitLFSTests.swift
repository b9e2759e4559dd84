import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Real git with this program as the only one that knows LFS.
@Suite struct GitWithoutGitLFSTests {
    /// A search path with git and the shell's tools, but without git-lfs; this program is named by its full path.
    private func alone(_ sandbox: Sandbox) async throws -> [String: String?] {
        try sandbox.write("tools/.keep", "")
        for name in ["git", "sh", "true", "cat", "echo", "sed", "uname", "basename", "touch"] {
            let program = Sandbox.find(name, in: sandbox.environment["PATH"] ?? "")
            try await sandbox.run("ln", ["-s", program.string, sandbox.path("tools/\(name)").string]).check()
        }
        return ["PATH": sandbox.path("tools").string, "GIT_CONFIG_NOSYSTEM": "1"]
    }

    private func prepare(_ sandbox: Sandbox, _ environment: [String: String?]) async throws {
        try await sandbox.makeLFSRepository()
        try await sandbox.run("cache-image", ["lfs", "install"], in: "repo", environment: environment).check()
    }

    @Test func installSetsFiltersDriverAndHook() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await prepare(sandbox, environment)
            let process = try await sandbox.git("config", "filter.lfs.process").output
            #expect(
                process.hasSuffix("/cache-image lfs filter-process\n")
                    || process.hasSuffix("/cache-image' lfs filter-process\n"))
            #expect(try await sandbox.git("config", "filter.lfs.required").output == "true\n")
            let hook = try sandbox.text("repo/.git/hooks/pre-push")
            #expect(hook.contains("lfs pre-push \"$@\""))
            #expect(try FileStatus.of(sandbox.path("repo/.git/hooks/pre-push"))?.isExecutable ?? false)
            try await sandbox.run("cache-image", ["lfs", "uninstall"], in: "repo", environment: environment).check()
            #expect(try await sandbox.run("git", ["config", "filter.lfs.process"], in: "repo").status == 1)
            #expect(!Files.exists(sandbox.path("repo/.git/hooks/pre-push")))
        }
    }

    @Test func addAndCheckoutGoThroughTheFilters() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await prepare(sandbox, environment)
            let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
            try sandbox.write("repo/a.tar", bytes: content)
            try sandbox.write("repo/empty.tar", "")
            func git(_ arguments: String...) async throws -> CommandResult {
                try await sandbox.run("git", arguments, in: "repo", environment: environment).check()
            }
            _ = try await git("add", "-A")
            let blob = try await git("cat-file", "blob", ":a.tar").outputBytes
            #expect(blob == (try Pointer.of(sandbox.path("repo/a.tar"))).encoded)
            _ = try await git("commit", "-qm", "image")
            try Files.remove(sandbox.path("repo/a.tar"))
            _ = try await git("checkout", "a.tar")
            #expect(try sandbox.read("repo/a.tar") == content)
            #expect(try await git("status", "--porcelain").output == "")
            // The same file through the filters for one file.
            _ = try await git("config", "--unset", "filter.lfs.process")
            try Files.remove(sandbox.path("repo/a.tar"))
            _ = try await git("checkout", "a.tar")
            #expect(try sandbox.read("repo/a.tar") == content)
            _ = try await git("add", "--renormalize", "a.tar")
            #expect(try await git("status", "--porcelain").output == "")
        }
    }

    @Test func aStagedArchiveStaysCleanEvenWhenTouched() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await prepare(sandbox, environment)
            try sandbox.write("repo/a.tar", "image")
            let repository = try sandbox.openRepository()
            let pointer = try Pointer.of(sandbox.path("repo/a.tar"))
            try ObjectStore(repository).insert(sandbox.path("repo/a.tar"), as: pointer)
            try await repository.stage(archives: ["a.tar": pointer], files: [])
            func status() async throws -> String {
                try await sandbox.run("git", ["status", "--porcelain"], in: "repo", environment: environment).check()
                    .output
            }
            #expect(try await status() == "A  a.tar\n")
            // As if the index had been written in a later second than the files.
            try await sandbox.run("touch", ["-d", "2 seconds", ".git/index"], in: "repo").check()
            #expect(try await status() == "A  a.tar\n")
            try await sandbox.git("commit", "-qm", "image")
            #expect(try await status() == "")
            try Files.touch(sandbox.path("repo/a.tar"))
            #expect(try await status() == "")
        }
    }

    @Test func aConflictedPointerCannotBeAdded() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await prepare(sandbox, environment)
            let pointer = String(decoding: try sandbox.store(Array("x".utf8)).encoded, as: UTF8.self)
            try sandbox.write("repo/a.tar", "<<<<<<< HEAD\n\(pointer)=======\n\(pointer)>>>>>>> side\n")
            let result = try await sandbox.run("git", ["add", "a.tar"], in: "repo", environment: environment)
            #expect(result.status != 0)
            #expect(result.error.contains("unresolved merge of an image pointer"))
        }
    }

    @Test func mergingTwoImagesKeepsOursWholeAndLeavesAConflict() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await prepare(sandbox, environment)
            func git(_ arguments: String...) async throws {
                try await sandbox.run("git", arguments, in: "repo", environment: environment).check()
            }
            for merge in ["binary", "lfs"] {
                try sandbox.write("repo/.gitattributes", "*.tar filter=lfs diff=lfs merge=\(merge) -text\n")
                try sandbox.write("repo/a.tar", "base \(merge)")
                try await git("add", "-A")
                try await git("commit", "-qm", "base")
                try await git("checkout", "-qb", "side-\(merge)")
                try sandbox.write("repo/a.tar", "theirs")
                try await git("commit", "-qam", "theirs")
                try await git("checkout", "-q", "main")
                try sandbox.write("repo/a.tar", "ours \(merge)")
                try await git("commit", "-qam", "ours")
                let result = try await sandbox.run(
                    "git", ["merge", "side-\(merge)"], in: "repo", environment: environment)
                #expect(result.status == 1, "\(result)")
                #expect(try sandbox.text("repo/a.tar") == "ours \(merge)")
                #expect(try sandbox.openRepository().index().unmergedPaths == ["a.tar"])
                try await git("checkout", "--ours", "a.tar")
                try await git("add", "a.tar")
                try await git("commit", "-qm", "merged")
            }
        }
    }

    @Test func foreignHooksAreKeptAndGitLFSHooksRepaired() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await sandbox.makeLFSRepository()
            let path = "repo/.git/hooks/pre-push"
            try sandbox.write(path, "#!/bin/sh\necho mine\n", permissions: 0o755)
            let refused = try await sandbox.run(
                "cache-image", ["lfs", "install"], in: "repo", environment: environment)
            #expect(refused.status == 2)
            #expect(refused.error.contains("lfs pre-push \"$@\""))
            #expect(try sandbox.text(path) == "#!/bin/sh\necho mine\n")
            let theirs =
                "#!/bin/sh\ncommand -v git-lfs >/dev/null 2>&1 || { echo >&2 \"x\"; exit 2; }\ngit lfs pre-push \"$@\"\n"
            try sandbox.write(path, theirs, permissions: 0o755)
            try await sandbox.run("cache-image", ["lfs", "install"], in: "repo", environment: environment).check()
            #expect(try sandbox.text(path).contains("cache-image lfs install"))
            let checkout = "repo/.git/hooks/post-checkout"
            try sandbox.write(checkout, theirs.replacing("pre-push", with: "post-checkout"), permissions: 0o755)
            try await sandbox.run("cache-image", ["lfs", "install"], in: "repo", environment: environment).check()
            #expect(!Files.exists(sandbox.path(checkout)))
            try await sandbox.git("config", "core.hooksPath", ".husky")
            try await sandbox.run("cache-image", ["lfs", "install"], in: "repo", environment: environment).check()
            #expect(Files.exists(sandbox.path("repo/.husky/pre-push")))
        }
    }

    @Test func onDemandKeepsOtherClientsFromFetching() async throws {
        try await Sandbox.with { sandbox in
            let environment = try await alone(sandbox)
            try await sandbox.makeLFSRepository()
            for _ in 0..<2 {
                try await sandbox.run(
                    "cache-image", ["lfs", "install", "--on-demand"], in: "repo", environment: environment
                ).check()
            }
            let value = try await sandbox.git("config", "-f", ".lfsconfig", "lfs.fetchexclude").output
            #expect(value == "docker-cache/*.tar\n")
        }
    }
}
