import Git
import SystemCalls

extension Repository {
    /// The pointers in the commits of a push that the remote does not have, each object once.
    ///
    /// - Parameters:
    ///   - updates: What is pushed.
    ///   - hidden: The commits that the remote has.
    public func pointersToPush(_ updates: [PushUpdate], notIn hidden: [ObjectID]) throws -> [TransferObject] {
        let starts = updates.filter { !$0.isDeletion }.map(\.local)
        return starts.isEmpty ? [] : try pointers(from: starts, notIn: hidden)
    }

    /// The commits that a remote has: those at the references that are updated, and its branches as this clone knows them.
    ///
    /// - Parameters:
    ///   - updates: What is pushed.
    ///   - remote: The remote's name; a URL has no known branches.
    ///   - present: The commits of the references that the remote really has; nil trusts what this clone knows. A branch
    ///     that was deleted there, with its objects, no longer counts then.
    public func commits(
        of remote: String, updates: [PushUpdate] = [], present: Set<ObjectID>? = nil
    ) throws -> [ObjectID] {
        var commits = updates.map(\.remote).filter { $0 != .zero }
        let known = try references("refs/remotes/\(remote)/").map(\.target)
        commits += present.map { present in known.filter(present.contains) } ?? known
        commits += (present ?? []).filter { (try? contains($0)) ?? false }
        return commits
    }

    /// The pointers in the commits that some revisions reach and others do not, each object once, newest first.
    public func pointers(from starts: [ObjectID], notIn hidden: [ObjectID]) throws -> [TransferObject] {
        var found: [TransferObject] = []
        var seenBlobs: Set<ObjectID> = []
        var seenObjects: Set<Pointer> = []
        func take(_ file: TreeFile) throws {
            guard file.entry.isFile, seenBlobs.insert(file.entry.id).inserted,
                let pointer = try pointer(inBlob: file.entry.id), !pointer.isEmpty,
                seenObjects.insert(pointer).inserted
            else { return }
            found.append(TransferObject(pointer, path: file.path))
        }
        var commits: [ObjectID] = []
        for start in starts {
            if let commit = try commit(start.hexadecimal) {
                commits.append(commit)
            } else {
                // A tag of a tree or of a blob.
                try? files(of: start, take)
            }
        }
        let walk = try RevisionWalk(self, from: commits, hiding: try hidden.compactMap { try commit($0.hexadecimal) })
        while let id = try walk.next() {
            guard let commit = try commit(id) else { continue }
            let parents = try commit.parents.filter { try contains($0) }
            try files(of: id, notIn: parents, take)
        }
        return found
    }

    /// The commits of all references that a remote has now, asked with `git ls-remote`; nil where it does not answer.
    nonisolated(nonsending) public func referencesOfRemote(_ remote: String) async throws -> Set<ObjectID>? {
        let program = GitProgram(in: workTree ?? gitDirectory, environment: environment)
        guard let answer = try await program.run(["ls-remote", "--heads", "--tags", "-q", "--", remote]),
            answer.status == 0
        else { return nil }
        let lines = String(decoding: answer.output, as: UTF8.self).split(separator: "\n")
        return Set(lines.compactMap { ObjectID(hexadecimal: $0.prefix(40)) })
    }
}
