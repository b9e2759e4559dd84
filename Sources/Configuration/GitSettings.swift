/// What the tool does to the repository.
public struct GitSettings: Hashable, Sendable {
    /// When files are staged.
    public enum Stage: String, CaseIterable, Sendable {
        case automatic = "auto"
        case never
    }

    /// The form of the archive in the work tree.
    public enum Worktree: String, CaseIterable, Sendable {
        /// Shared blocks where the file system can, else a copy.
        case automatic = "auto"
        case copy
        /// The LFS pointer, as in a clone without git-lfs.
        case pointer
    }

    /// When files are staged.
    public var stage = Stage.automatic
    /// The form of the archive in the work tree.
    public var worktree = Worktree.automatic
}
