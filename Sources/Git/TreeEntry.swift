/// What a tree holds under one name.
public struct TreeEntry: Hashable, Sendable {
    /// The blob, tree or commit.
    public let id: ObjectID
    /// The mode, as in `IndexEntry`.
    public let mode: UInt32

    /// Whether the entry is a regular file.
    public var isFile: Bool { mode & 0o170000 == 0o100000 }
    /// Whether the entry is a folder.
    public var isDirectory: Bool { mode & 0o170000 == 0o040000 }
}
