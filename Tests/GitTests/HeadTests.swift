import Foundation
import Git
import SystemPackage
import TestSupport
import Testing

/// HEAD as Git itself reads it.
@Suite struct HeadTests {
    /// A state of HEAD, made in the repository `repo` that has one commit on `main`.
    struct Form: Sendable, CustomTestStringConvertible {
        let name: String
        var folder = "repo"
        let make: @Sendable (Sandbox) async throws -> Void
        var testDescription: String { name }
    }

    static let forms: [Form] = [
        Form(name: "a branch") { _ in },
        Form(name: "a branch with a slash, packed") {
            try await $0.git("checkout", "-qb", "a/b")
            try await $0.git("pack-refs", "--all", "--prune")
        },
        Form(name: "a loose branch that is newer than the packed one") {
            try await $0.git("pack-refs", "--all")
            try await $0.git("commit", "-qm", "second", "--allow-empty")
        },
        Form(name: "a packed branch beside another whose name ends in the same word") {
            try await $0.git("branch", "x/main")
            try await $0.git("commit", "-qm", "second", "--allow-empty")
            try await $0.git("pack-refs", "--all", "--prune")
        },
        Form(name: "detached") { try await $0.git("checkout", "-q", "--detach") },
        Form(name: "detached, with space at the end") {
            try await $0.git("checkout", "-q", "--detach")
            try $0.write("repo/.git/HEAD", bytes: $0.read("repo/.git/HEAD") + "  \n\n".utf8)
        },
        Form(name: "unborn") { try await $0.git("checkout", "-q", "--orphan", "new") },
        Form(name: "unborn, with packed branches") {
            try await $0.git("pack-refs", "--all", "--prune")
            try await $0.git("checkout", "-q", "--orphan", "new")
        },
        Form(name: "a branch without the space") { try $0.write("repo/.git/HEAD", "ref:refs/heads/main") },
        Form(name: "a branch with a tab and CR LF") { try $0.write("repo/.git/HEAD", "ref: \trefs/heads/main\r\n") },
        Form(name: "a branch that points at another one") {
            try await $0.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
            try await $0.git("symbolic-ref", "HEAD", "refs/heads/alias")
        },
        Form(name: "a link to the branch's file") {
            let head = $0.path("repo/.git/HEAD").string
            try FileManager.default.removeItem(atPath: head)
            try FileManager.default.createSymbolicLink(atPath: head, withDestinationPath: "refs/heads/main")
        },
        Form(name: "a linked worktree on a branch", folder: "tree") {
            try await $0.git("worktree", "add", "-q", "-b", "side", "../tree")
            try await $0.git("commit", "-qm", "second", "--allow-empty")
        },
        Form(name: "a linked worktree, its branch packed", folder: "tree") {
            try await $0.git("worktree", "add", "-q", "-b", "side", "../tree")
            try await $0.git("pack-refs", "--all", "--prune")
        },
        Form(name: "a linked worktree on a reference of its own", folder: "tree") {
            try await $0.git("worktree", "add", "-q", "--detach", "../tree")
            try await $0.git("update-ref", "refs/worktree/own", "HEAD", in: "tree")
            try await $0.git("symbolic-ref", "HEAD", "refs/worktree/own", in: "tree")
        },
        Form(name: "a branch whose name is no UTF-8") { sandbox in
            let script =
                "git branch \"$(printf 'caf\\351')\" && git symbolic-ref HEAD \"refs/heads/$(printf 'caf\\351')\""
            try await sandbox.run("sh", ["-c", script], in: "repo").check()
        },
    ]

    @Test(.enabled(if: Requirements.tools("git")), arguments: forms)
    func sayWhatGitSays(_ form: Form) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["a": "1"])
            try await form.make(sandbox)
            let repository = try sandbox.open(form.folder)
            let commit = try await sandbox.run("git", ["rev-parse", "-q", "--verify", "HEAD"], in: form.folder)
            #expect(try repository.head()?.hexadecimal == commit.lines.first)
            let link = FileManager.default.fileExists(atPath: sandbox.path("repo/.git/refs/heads/alias").string)
            let name = try await sandbox.run(
                "git", ["symbolic-ref", "-q"] + (link ? ["--no-recurse"] : []) + ["HEAD"], in: form.folder)
            // An old git knows no --no-recurse; it has nothing to say about the first of two names.
            if name.status < 2 { #expect(try repository.headBranch() == name.lines.first) }
        }
    }
}
