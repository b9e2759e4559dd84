import CGit2
import SystemCalls

/// A commit, as far as it is shown to people.
public struct Commit: Hashable, Sendable {
    /// The commit's name.
    public let id: ObjectID
    /// Its parents; none where a shallow clone leaves them out.
    public let parents: [ObjectID]
    /// The author's name.
    public let author: String
    /// The author's address.
    public let email: String
    /// When it was written: seconds since 1970.
    public let authored: Int64
    /// The author's offset from UTC in minutes.
    public let offset: Int
    /// When it was committed: seconds since 1970.
    public let committed: Int64
    /// The first line of the message.
    public let subject: String
}

extension Repository {
    /// Reads a commit; nil where the repository does not hold it.
    public func commit(_ id: ObjectID) throws(GitError) -> Commit? {
        let repository = try handle()
        var oid = id.oid
        let handle = try Handle.open(
            "read", "commit \(id)", free: git_commit_free, { git_commit_lookup(&$0, repository, &oid) })
        guard let commit = handle?.pointer else { return nil }
        let author = git_commit_author(commit)?.pointee
        let parents =
            shallowCommits.contains(id)
            ? [] : (0..<git_commit_parentcount(commit)).compactMap { git_commit_parent_id(commit, $0) }
        return Commit(
            id: id, parents: parents.map { ObjectID($0.pointee) },
            author: author?.name.map { String(cString: $0) } ?? "",
            email: author?.email.map { String(cString: $0) } ?? "",
            authored: author?.when.time ?? 0, offset: Int(author?.when.offset ?? 0),
            committed: git_commit_time(commit), subject: git_commit_summary(commit).map { String(cString: $0) } ?? "")
    }
}
