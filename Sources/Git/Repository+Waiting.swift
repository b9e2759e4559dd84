import SystemCalls
import SystemPackage

extension Repository {
    /// Git's own files that libgit2 and the git program open as they are.
    private static let openedFiles = [
        "HEAD", "config", "config.worktree", "packed-refs", "shallow", "info/attributes", "info/exclude",
        "objects/info/alternates",
    ]

    /// Refuses a repository with a pipe or socket in place of a file: who reads it would wait for the other end.
    ///
    /// - Parameter readsRules: Whether the ignore rules of the work tree and the user are read, too.
    public func refuseWaiting(readsRules: Bool = false) throws {
        var paths = [indexPath]
        for folder in Set([gitDirectory, commonDirectory]) {
            paths += Self.openedFiles.map { folder.pushing(FilePath($0)) }
        }
        // libgit2 looks here whatever GIT_CONFIG_GLOBAL says.
        if let home = environment["HOME"] { paths.append(FilePath(home + "/.gitconfig")) }
        if let file = userFile("config") { paths.append(file) }
        if readsRules {
            if let workTree { paths.append(workTree.appending(".gitignore")) }
            if let file = try configuration().path("core.excludesfile") ?? userFile("ignore") { paths.append(file) }
        }
        do throws(SystemError) {
            for path in paths { try Files.refuseWaiting(path) }
        } catch { throw GitError(.invalid, error.operation, error.object, error.reason) }
    }
}
