/// Which files of the context folder count.
public enum ContextFiles: String, Hashable, Sendable {
    /// What a fresh clone holds: tracked files and those that could be added (not git-ignored).
    case clone
    /// All that the ignore file leaves.
    case worktree
}
