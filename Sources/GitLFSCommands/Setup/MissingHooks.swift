import Git
import LFS

/// The hooks that git-lfs's filters and `track` install on the way where there are none.
enum MissingHooks {
    /// Installs them, unless GIT_LFS_TRACK_NO_INSTALL_HOOKS is set; a hook of somebody else is left alone.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - program: The words that start this program.
    ///   - isGitLFS: Whether the `git-lfs` of PATH is this program: then its own hooks are installed.
    static func install(_ repository: Repository, program: String, isGitLFS: Bool) throws {
        let variable = repository.environment["GIT_LFS_TRACK_NO_INSTALL_HOOKS"]?.lowercased() ?? ""
        if ["1", "true", "yes", "on", "t"].contains(variable) { return }
        if isGitLFS {
            _ = try GitLFSHooks(repository).install(force: false)
        } else {
            _ = try PrePushHook(repository, program: program).install()
        }
    }
}
