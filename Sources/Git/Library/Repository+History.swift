import SystemCalls

/// A commit that changed some of the paths asked for.
public struct HistoryEntry: Hashable, Sendable {
    /// The commit.
    public let commit: Commit
    /// What each path holds in it, in the order asked for; nil where the path is absent.
    public let entries: [TreeEntry?]
}

extension Repository {
    /// The commits that changed any of some paths, newest first, as `git log -- PATH…` finds them.
    ///
    /// A commit that agrees with one of its parents in all the paths is left out.
    ///
    /// - Parameters:
    ///   - paths: The files to follow.
    ///   - starts: Where to begin.
    ///   - limit: How many to find at most.
    ///   - visits: How many commits to look at, at most.
    public func history(
        of paths: [RelativePath], from starts: [ObjectID], limit: Int = .max, visits: Int = .max
    ) throws -> [HistoryEntry] {
        let walk = try RevisionWalk(self, from: starts)
        var found: [HistoryEntry] = []
        var known: [ObjectID: [TreeEntry?]] = [:]
        func entries(of commit: ObjectID) throws -> [TreeEntry?] {
            if let entries = known[commit] { return entries }
            let entries = try paths.map { try entry(at: $0, in: commit) }
            known[commit] = entries
            return entries
        }
        var visited = 0
        while found.count < limit, visited < visits, let id = try walk.next() {
            visited += 1
            guard let commit = try commit(id) else { continue }
            let own = try entries(of: id)
            known[id] = nil
            let isChanged =
                if commit.parents.isEmpty {
                    own.contains { $0 != nil }
                } else {
                    try commit.parents.allSatisfy { try entries(of: $0) != own }
                }
            if isChanged { found.append(HistoryEntry(commit: commit, entries: own)) }
        }
        return found
    }
}
