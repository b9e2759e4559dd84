import CGit2
import Glibc
import SystemCalls

/// A file of a commit.
public struct TreeFile: Hashable, Sendable {
    /// The path below the root.
    public let path: RelativePath
    /// What the tree holds there.
    public let entry: TreeEntry

    /// Names a file.
    public init(_ path: RelativePath, _ entry: TreeEntry) {
        self.path = path
        self.entry = entry
    }
}

extension Repository {
    /// Hands every file of a commit's (or tree's) tree to `body`, in the order of Git's trees; submodules are left out.
    ///
    /// - Parameters:
    ///   - revision: The commit or tree.
    ///   - others: Commits or trees whose files are left out where they agree, path and content.
    ///   - body: Takes the files.
    public func files(
        of revision: ObjectID, notIn others: [ObjectID] = [], _ body: (TreeFile) throws -> Void
    ) throws {
        guard let tree = try tree(of: revision) else {
            throw GitError(.notFound, "read", "the tree of \(revision)", "there is no such object")
        }
        let known = try others.compactMap { try self.tree(of: $0) }
        try walk(tree, known, RelativePath(bytes: []), body)
    }

    /// Every file, link and submodule of a commit or tree, in order; nil where one of its trees is not at hand, as in a
    /// partial clone.
    public func wholeTree(of revision: ObjectID) throws -> [TreeFile]? {
        guard let root = try tree(of: revision) else { return nil }
        var found: [TreeFile] = []
        func collect(_ tree: Handle, _ folder: RelativePath) throws -> Bool {
            for (name, entry) in entries(of: tree) {
                let path = folder.appending(RelativePath(bytes: name))
                if entry.isDirectory {
                    guard let below = try subtree(entry.id), try collect(below, path) else { return false }
                } else {
                    found.append(TreeFile(path, entry))
                }
            }
            return true
        }
        return try collect(root, RelativePath(bytes: [])) ? found : nil
    }

    private func walk(
        _ tree: Handle, _ others: [Handle], _ folder: RelativePath, _ body: (TreeFile) throws -> Void
    ) throws {
        let known = others.map { other in
            Dictionary(entries(of: other).map { ($0.name, $0.entry) }) { first, _ in first }
        }
        for (name, entry) in entries(of: tree) {
            if known.contains(where: { $0[name] == entry }) { continue }
            let path = folder.appending(RelativePath(bytes: name))
            if entry.isDirectory {
                guard let below = try subtree(entry.id) else { continue }
                let same = try known.compactMap { other in
                    try other[name].flatMap { $0.isDirectory ? try subtree($0.id) : nil }
                }
                try walk(below, same, path, body)
            } else if !entry.isSubmodule {
                try body(TreeFile(path, entry))
            }
        }
    }

    private func entries(of tree: Handle) -> [(name: [UInt8], entry: TreeEntry)] {
        (0..<git_tree_entrycount(tree.pointer)).compactMap { index in
            guard let entry = git_tree_entry_byindex(tree.pointer, index), let name = git_tree_entry_name(entry),
                let id = git_tree_entry_id(entry)
            else { return nil }
            let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
            return (
                Array(bytes), TreeEntry(id: ObjectID(id.pointee), mode: git_tree_entry_filemode_raw(entry).rawValue)
            )
        }
    }

    private func subtree(_ id: ObjectID) throws(GitError) -> Handle? {
        let repository = try handle()
        var oid = id.oid
        return try Handle.open(
            "read", "tree \(id)", free: git_tree_free, { git_tree_lookup(&$0, repository, &oid) })
    }
}
