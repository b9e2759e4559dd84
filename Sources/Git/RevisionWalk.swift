import CGit2

/// Walks commits from the newest to the oldest.
public final class RevisionWalk {
    private let walk: Handle

    /// Starts at some commits and leaves out what others reach.
    public init(_ repository: Repository, from starts: [ObjectID], hiding hidden: [ObjectID] = []) throws {
        let handle = try repository.handle()
        let walk = try Handle.open(
            "walk", "commits", free: git_revwalk_free, { git_revwalk_new(&$0, handle) })
        guard let walk else { throw GitError(.failed, "walk", "commits", LibGit2.lastMessage) }
        self.walk = walk
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
        var oid = git_oid()
        let result = git_revwalk_next(&oid, walk.pointer)
        if result == GIT_ITEROVER.rawValue { return nil }
        try LibGit2.check("walk", "commits", result)
        return ObjectID(oid)
    }
}
