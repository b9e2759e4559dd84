import CGit2

/// A branch, tag or remote branch, and what it points at.
public struct Reference: Hashable, Sendable {
    /// The full name, such as `refs/heads/main`.
    public let name: String
    /// The commit, tags followed (or whatever else a tag names).
    public let target: ObjectID

    /// The name without `refs/heads/`, `refs/tags/` or `refs/remotes/`.
    public var shorthand: String {
        for prefix in ["refs/heads/", "refs/tags/", "refs/remotes/"] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }
}

extension Repository {
    /// The references whose name starts with a prefix such as `refs/heads/`, ordered by name; broken ones are left out.
    public func references(_ prefix: String = "refs/") throws(GitError) -> [Reference] {
        let repository = try handle()
        let iterator = try Handle.open(
            "list", "references", free: git_reference_iterator_free,
            { git_reference_iterator_glob_new(&$0, repository, prefix + "*") })
        guard let iterator else { return [] }
        var found: [Reference] = []
        while true {
            var pointer: OpaquePointer?
            let result = git_reference_next(&pointer, iterator.pointer)
            if result == GIT_ITEROVER.rawValue { break }
            try LibGit2.check("list", "references", result)
            guard let pointer else { break }
            let reference = Handle(pointer, free: git_reference_free)
            var object: OpaquePointer?
            defer { git_object_free(object) }
            guard git_reference_peel(&object, reference.pointer, GIT_OBJECT_ANY) == 0, let object,
                let id = git_object_id(object), let name = git_reference_name(reference.pointer)
            else { continue }
            found.append(Reference(name: String(cString: name), target: ObjectID(id.pointee)))
        }
        return found.sorted { $0.name < $1.name }
    }
}
