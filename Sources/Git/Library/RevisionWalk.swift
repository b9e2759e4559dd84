import CGit2

/// Walks commits from the newest to the oldest.
public final class RevisionWalk {
    private enum Source {
        case library(Handle)
        /// The commits that are left, the next one last.
        case list([ObjectID])
    }

    private var source: Source

    /// Starts at some commits and leaves out what others reach; ends where a shallow clone ends.
    public init(_ repository: Repository, from starts: [ObjectID], hiding hidden: [ObjectID] = []) throws {
        if !repository.shallowCommits.isEmpty {
            // The library takes no notice of a clone being shallow (before its version 1.7).
            source = .list(try Self.commits(of: repository, from: starts, hiding: hidden))
            return
        }
        let handle = try repository.handle()
        let walk = try Handle.open(
            "walk", "commits", free: git_revwalk_free, { git_revwalk_new(&$0, handle) })
        guard let walk else { throw GitError(.failed, "walk", "commits", LibGit2.lastMessage) }
        source = .library(walk)
        try LibGit2.check(
            "walk", "commits",
            git_revwalk_sorting(walk.pointer, GIT_SORT_TIME.rawValue | GIT_SORT_TOPOLOGICAL.rawValue))
        for id in starts {
            var oid = id.oid
            try LibGit2.check("walk", "commits of \(id)", git_revwalk_push(walk.pointer, &oid))
        }
        for id in hidden {
            var oid = id.oid
            // What is not here cannot be reached from what is.
            _ = try LibGit2.find("walk", "commits of \(id)", git_revwalk_hide(walk.pointer, &oid))
        }
    }

    /// The next commit; nil at the end.
    public func next() throws(GitError) -> ObjectID? {
        switch source {
        case .list(var rest):
            let next = rest.popLast()
            source = .list(rest)
            return next
        case .library(let walk):
            var oid = git_oid()
            let result = git_revwalk_next(&oid, walk.pointer)
            if result == GIT_ITEROVER.rawValue { return nil }
            try LibGit2.check("walk", "commits", result)
            return ObjectID(oid)
        }
    }

    /// All commits of a walk, the last one first: newer ones before older ones, none before its children.
    private static func commits(
        of repository: Repository, from starts: [ObjectID], hiding hidden: [ObjectID]
    ) throws -> [ObjectID] {
        var seen: Set<ObjectID> = []
        func reach(_ starts: [ObjectID]) throws -> [ObjectID: Commit] {
            var found: [ObjectID: Commit] = [:]
            var waiting = starts
            while let id = waiting.popLast() {
                guard seen.insert(id).inserted, let commit = try repository.commit(id) else { continue }
                found[id] = commit
                waiting += commit.parents
            }
            return found
        }
        _ = try reach(hidden)
        let found = try reach(starts)
        var children: [ObjectID: Int] = [:]
        for commit in found.values { for parent in commit.parents { children[parent, default: 0] += 1 } }
        var ready = found.values.filter { children[$0.id] == nil }
        var ordered: [ObjectID] = []
        while let next = ready.indices.max(by: { ready[$0].committed < ready[$1].committed }) {
            let commit = ready.remove(at: next)
            ordered.append(commit.id)
            for parent in commit.parents {
                children[parent, default: 1] -= 1
                if children[parent] == 0, let commit = found[parent] { ready.append(commit) }
            }
        }
        return ordered.reversed()
    }
}
