import Git
import LFS
import SystemCalls
import TestSupport
import Testing

@Suite struct PushedPointersTests {
    /// Commits a version of `a.tar` by its pointer and gives the commit.
    private func commit(_ sandbox: Sandbox, _ text: String) async throws -> (commit: ObjectID, pointer: Pointer) {
        let pointer = try sandbox.store(Array(text.utf8))
        try sandbox.write("repo/a.tar", bytes: pointer.encoded)
        try sandbox.write("repo/plain", text)
        try sandbox.write("repo/.git/info/attributes", "plain -text\n")
        let repository = try sandbox.openRepository()
        try await repository.stage(archives: ["a.tar": pointer], files: ["plain"])
        try await sandbox.git("commit", "-qm", text)
        return (try #require(try repository.head()), pointer)
    }

    private func update(_ local: ObjectID, _ remote: ObjectID) -> PushUpdate {
        PushUpdate(localReference: "refs/heads/main", local: local, remoteReference: "refs/heads/main", remote: remote)
    }

    @Test func onlyWhatTheRemoteLacksIsPushed() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let first = try await commit(sandbox, "one")
            let second = try await commit(sandbox, "two")
            let third = try await commit(sandbox, "three")
            let repository = try sandbox.openRepository()
            func pushed(_ updates: [PushUpdate], present: Set<ObjectID>? = nil) throws -> Set<Pointer> {
                let hidden = try repository.commits(of: "origin", updates: updates, present: present)
                return Set(try repository.pointersToPush(updates, notIn: hidden).map(\.pointer))
            }
            #expect(try pushed([update(third.commit, first.commit)]) == [second.pointer, third.pointer])
            #expect(try pushed([update(third.commit, .zero)]) == [first.pointer, second.pointer, third.pointer])
            #expect(try pushed([update(.zero, third.commit)]) == [])
            #expect(try pushed([]) == [])
            try await sandbox.git("update-ref", "refs/remotes/origin/main", second.commit.hexadecimal)
            #expect(try pushed([update(third.commit, .zero)]) == [third.pointer])
            // The branch is gone at the remote, so what it held may be gone too.
            #expect(
                try pushed([update(third.commit, .zero)], present: [first.commit]) == [second.pointer, third.pointer])
        }
    }

    private static let zero = String(repeating: "0", count: 40)
    private static let one = String(repeating: "1", count: 40)

    /// A hook's line and what is read of it: local reference, commit, remote reference, the remote's commit.
    @Test(arguments: [
        ("", []), ("\n \r\n", []),
        ("refs/heads/main \(one) refs/heads/main \(zero)", ["refs/heads/main", one, "refs/heads/main", zero]),
        ("refs/heads/main \(one) refs/heads/main \(one)\r\n", ["refs/heads/main", one, "refs/heads/main", one]),
        ("refs/heads/main main refs/heads/main rubbish\n", ["refs/heads/main", one, "refs/heads/main", zero]),
        ("HEAD^{/a b  c} main refs/heads/main \(zero)", ["HEAD^{/a b c}", one, "refs/heads/main", zero]),
        ("(delete) \(zero) refs/heads/x \(one)", ["(delete)", zero, "refs/heads/x", one]),
        (
            "(delete) \(zero)\(zero.prefix(24)) refs/heads/x \(zero)\(zero.prefix(24))",
            ["(delete)", zero, "refs/heads/x", zero]
        ),
    ])
    func theHooksInputIsRead(line: String, words: [String]) throws {
        let updates = try PushUpdate.parse(line) {
            $0 == "main" || $0 == Self.one ? ObjectID(hexadecimal: Self.one) : nil
        }
        #expect(
            updates.flatMap { [$0.localReference, "\($0.local)", $0.remoteReference, "\($0.remote)"] } == words)
    }

    @Test(arguments: [
        "rubbish", "refs/heads/main \(one) refs/heads/main", "refs/heads/main\t\(one)\trefs/heads/main\t\(zero)",
        "refs/heads/main nosuch refs/heads/main \(zero)", "refs/heads/main \(one)x refs/heads/main \(zero)",
        "refs/heads/main 0 refs/heads/main \(zero)",
    ])
    func aLineThatCannotBeUnderstoodIsAnError(line: String) throws {
        let error = #expect(throws: LFSError.self) {
            try PushUpdate.parse("\n" + line + "\n") { $0 == Self.one ? ObjectID(hexadecimal: Self.one) : nil }
        }
        #expect(error?.object == "line 2 of what Git says to pre-push")
    }

    /// Every change of a path counts, whatever it holds; what the remote has does not.
    @Test func theChangedPathsOfAPushAreFound() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            let first = try await commit(sandbox, "one")
            try sandbox.write("repo/a b\n\u{e9}.txt", "x")
            try sandbox.write("repo/copy.tar", bytes: first.pointer.encoded)
            try await sandbox.git("rm", "-q", "plain")
            try await sandbox.git("add", "-A")
            try await sandbox.git("commit", "-qm", "two")
            try await sandbox.git("config", "log.showRoot", "false")
            let repository = try sandbox.openRepository()
            let tip = try #require(try repository.head())
            let scan = PointerScan(repository)
            let added = try await PushedChanges(scan, from: [tip], notIn: [first.commit]).paths()
            #expect(added == ["a b\n\u{e9}.txt", "copy.tar", "plain"])
            let all = try await PushedChanges(scan, from: [tip], notIn: []).paths()
            #expect(all == added.union([".gitattributes", "a.tar"]))
            #expect(try await PushedChanges(scan, from: [tip], notIn: [tip]).paths().isEmpty)
            #expect(try await PushedChanges(scan, from: [], notIn: []).paths().isEmpty)
            #expect(try await !PushedChanges(scan, from: [tip], notIn: [first.commit]).touchLockable())
            try sandbox.write("repo/.gitattributes", "*.txt lockable\n")
            #expect(try await PushedChanges(scan, from: [tip], notIn: [first.commit]).touchLockable())
        }
    }

    @Test func aRemoteIsAskedForItsReferences() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeLFSRepository()
            try await sandbox.git("clone", "-q", "--bare", "repo", "bare.git", in: "")
            try await sandbox.git("remote", "add", "origin", "../bare.git")
            let repository = try sandbox.openRepository()
            #expect(try await repository.referencesOfRemote("origin") == [try #require(try repository.head())])
            #expect(try await repository.referencesOfRemote("nowhere") == nil)
        }
    }
}
