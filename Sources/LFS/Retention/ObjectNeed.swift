/// What in Git needs an LFS object on this machine.
package enum ObjectNeed: Hashable, Sendable {
    /// A commit that no remote has.
    case unpushed
    /// A stash, also one that a merge or a rebase has put aside.
    case stash
    /// The commit that a worktree has checked out.
    case worktree
    /// The index of a worktree.
    case staged
    /// A branch or tag that git-lfs calls recent.
    case recent
    /// The last commit of a local branch.
    case branch(String)
    /// A tag.
    case tag(String)
    /// One of the last commits of a branch.
    case commit(of: String)

    /// The words for messages, after `needed by`.
    package var text: String {
        switch self {
        case .unpushed: "a commit that is not pushed"
        case .stash: "a stash"
        case .worktree: "a checkout"
        case .staged: "the index"
        case .recent: "a recent commit"
        case .branch(let name): "branch \(name)"
        case .tag(let name): "tag \(name)"
        case .commit(let name): "a late commit of \(name)"
        }
    }
}
