/// What a tree holds under one name.
public struct TreeEntry: Hashable, Sendable {
    /// The blob, tree or commit.
    public let id: ObjectID
    /// The mode, as in `IndexEntry`.
    public let mode: UInt32

    /// Names what a tree holds.
    public init(id: ObjectID, mode: UInt32) {
        self.id = id
        self.mode = mode
    }

    /// Whether the entry is a regular file.
    public var isFile: Bool { mode & 0o170000 == 0o100000 }
    /// Whether the entry is a folder.
    public var isDirectory: Bool { mode & 0o170000 == 0o040000 }
    /// Whether the entry is a symbolic link.
    public var isLink: Bool { mode & 0o170000 == 0o120000 }
    /// Whether the entry is a submodule's commit.
    public var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
}
