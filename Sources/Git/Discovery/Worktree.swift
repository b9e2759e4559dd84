import SystemCalls
import SystemPackage

/// One of a repository's worktrees.
public struct Worktree: Hashable, Sendable {
    /// The worktree's own Git folder.
    public let gitDirectory: FilePath
    /// The root of the files; nil for a bare main repository, or where the folder is gone.
    public let path: FilePath?
}

extension Repository {
    /// All worktrees, the main one first; those that were deleted without `git worktree remove` have no path.
    public func worktrees() throws -> [Worktree] {
        let isBare = try configuration().bool("core.bare") ?? false
        let main = isLinkedWorktree ? commonDirectory.removingLastComponent() : workTree
        var found = [Worktree(gitDirectory: commonDirectory, path: isBare ? nil : main)]
        let folder = commonDirectory.appending("worktrees")
        guard Files.exists(folder) else { return found }
        for name in try Files.names(in: folder) {
            let gitDirectory = folder.appending(name)
            guard let bytes = try Files.read(gitDirectory.appending("gitdir"), limit: 64 << 10) else { continue }
            var file = FilePath(bytes: GitFolder.withoutLineEnd(bytes))
            if !file.isAbsolute { file = gitDirectory.pushing(file).lexicallyNormalized() }
            found.append(
                Worktree(gitDirectory: gitDirectory, path: Files.exists(file) ? file.removingLastComponent() : nil))
        }
        return found
    }
}
