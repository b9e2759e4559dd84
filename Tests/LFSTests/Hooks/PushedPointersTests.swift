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
                Set(try repository.pointersToPush(updates, remote: "origin", present: present).map(\.pointer))
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

    @Test func theHooksInputIsRead() {
        let zero = String(repeating: "0", count: 40)
        let one = String(repeating: "1", count: 40)
        let updates = PushUpdate.parse(
            "refs/heads/main \(one) refs/heads/main \(zero)\n(delete) \(zero) refs/heads/x \(one)\n")
        #expect(updates.map(\.isDeletion) == [false, true])
        #expect(PushUpdate.parse("").isEmpty)
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
