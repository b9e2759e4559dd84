import CGit2
import SystemCalls

extension Repository {
    /// The object that a revision names (`HEAD`, `main~2`, `v1^{commit}`, `HEAD:path`); nil where there is none.
    public func resolve(_ revision: String) throws(GitError) -> ObjectID? {
        let repository = try handle()
        var object: OpaquePointer?
        let result = git_revparse_single(&object, repository, revision)
        defer { git_object_free(object) }
        // A word of a few hexadecimal digits is no abbreviation of an object to Git either.
        if result == GIT_EINVALIDSPEC.rawValue || result == GIT_EAMBIGUOUS.rawValue && Self.isTooShort(revision) {
            return nil
        }
        guard try LibGit2.find("resolve", "revision \(revision)", result) else { return nil }
        return git_object_id(object).map { ObjectID($0.pointee) }
    }

    private static func isTooShort(_ revision: String) -> Bool {
        revision.prefix { $0.isHexDigit }.utf8.count < 4
    }

    /// The commit that a revision names, tags followed; nil where there is none.
    public func commit(_ revision: String) throws(GitError) -> ObjectID? {
        try resolve(revision + "^{commit}")
    }

    /// What a commit's (or tree's) tree holds at a path; nil where it holds nothing there.
    public func entry(at path: RelativePath, in revision: ObjectID) throws(GitError) -> TreeEntry? {
        guard let tree = try tree(of: revision) else { return nil }
        guard
            let entry = try Handle.open(
                "read", "\(path) in \(revision)", free: git_tree_entry_free,
                { pointer in
                    path.bytes.map { CChar(bitPattern: $0) }.withTerminator {
                        git_tree_entry_bypath(&pointer, tree.pointer, $0)
                    }
                })
        else { return nil }
        guard let id = git_tree_entry_id(entry.pointer) else { return nil }
        return TreeEntry(id: ObjectID(id.pointee), mode: git_tree_entry_filemode_raw(entry.pointer).rawValue)
    }

    /// Opens the tree of a commit, tag or tree; nil where the object is missing.
    func tree(of revision: ObjectID) throws(GitError) -> Handle? {
        let repository = try handle()
        var oid = revision.oid
        guard
            let object = try Handle.open(
                "read", "object \(revision)", free: git_object_free,
                { git_object_lookup(&$0, repository, &oid, GIT_OBJECT_ANY) })
        else { return nil }
        return try Handle.open(
            "read", "the tree of \(revision)", free: git_object_free,
            { git_object_peel(&$0, object.pointer, GIT_OBJECT_TREE) })
    }
}

extension [CChar] {
    /// Runs a call with the bytes followed by a zero.
    func withTerminator<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        (self + [0]).withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
