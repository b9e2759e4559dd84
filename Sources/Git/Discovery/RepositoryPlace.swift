import SystemCalls
import SystemPackage

/// Where a repository and its work tree are: what the one discovery of this program finds.
public struct RepositoryPlace: Sendable {
    /// The worktree's own Git folder (`.git`, or `.git/worktrees/NAME`).
    public let gitDirectory: FilePath
    /// The Git folder that all worktrees share.
    public let commonDirectory: FilePath
    /// The root of the work tree; nil for a bare repository, and inside a Git folder.
    public let workTree: FilePath?
    /// The environment for this process and its children, every path of Git's variables absolute.
    ///
    /// A child that is started in another folder finds the same repository by it.
    public let environment: [String: String]
    /// The environment as it was given.
    public let givenEnvironment: [String: String]
    /// Why its objects or references cannot be read; nil where they can.
    public let unsupported: GitError?
    /// What discovery read.
    let knownFiles: KnownFiles

    /// Takes a Git folder that passed Git's tests.
    ///
    /// - Parameters:
    ///   - gitDirectory: The Git folder.
    ///   - folder: The folder whose `.git` it is; nil where it was named by GIT_DIR or is bare.
    ///   - current: The folder that relative variables are seen from.
    ///   - environment: The variables.
    ///   - files: What was read so far.
    init(
        _ gitDirectory: FilePath, foundIn folder: FilePath?, current: FilePath, environment: [String: String],
        files: KnownFiles
    ) throws {
        let common = try GitFolder.commonDirectory(of: gitDirectory, environment: environment, base: current)
        let format = try RepositoryFormat(
            gitDirectory: gitDirectory, commonDirectory: common,
            isShared: common != gitDirectory || environment["GIT_COMMON_DIR"].map { !$0.isEmpty } ?? false, files: files
        )
        let isExplicit = environment["GIT_DIR"] != nil
        self.gitDirectory = gitDirectory
        commonDirectory = common
        knownFiles = files
        unsupported = format.unsupported.map {
            GitError(.unsupported, "open", "repository \(gitDirectory.string)", $0)
        }
        let workTree = try Self.workTree(
            format, gitDirectory, foundIn: folder, current: current, isExplicit: isExplicit, environment: environment)
        self.workTree = workTree
        givenEnvironment = environment
        // Git moves to the root of the work tree before it looks at these variables, where it is started inside of it.
        let base = workTree.flatMap { current.starts(with: $0) ? $0 : nil } ?? current
        var resolved = GitEnvironment.resolved(environment, in: base)
        if folder == nil || workTree != folder || isExplicit || environment["GIT_WORK_TREE"] != nil {
            resolved["GIT_DIR"] = gitDirectory.string
            resolved["GIT_WORK_TREE"] = workTree?.string
            if workTree == nil { resolved["GIT_IMPLICIT_WORK_TREE"] = "0" }
        }
        self.environment = resolved
    }

    /// The work tree, in the order in which Git asks: GIT_WORK_TREE, `core.bare`, `core.worktree`, the folder.
    private static func workTree(
        _ format: RepositoryFormat, _ gitDirectory: FilePath, foundIn folder: FilePath?, current: FilePath,
        isExplicit: Bool, environment: [String: String]
    ) throws -> FilePath? {
        if let given = environment["GIT_WORK_TREE"] {
            guard !given.isEmpty else {
                throw GitError(.invalid, "use", "GIT_WORK_TREE", "the empty string is not a valid path")
            }
            return FilePath(keeping: given).absolute(in: current)
        }
        if format.isBare == true { return nil }
        if let configured = format.workTree { return FilePath(keeping: configured).absolute(in: gitDirectory) }
        guard isExplicit else { return folder }
        let isImplicit = environment["GIT_IMPLICIT_WORK_TREE"].flatMap(GitConfiguration.truth) ?? true
        return isImplicit ? folderOfGitFile(gitDirectory, above: current) ?? current : nil
    }

    /// The folder above the current one whose `.git` file names the Git folder.
    ///
    /// Git hands GIT_DIR, but no work tree, to the hooks of a linked worktree; one that changes the folder would else take
    /// that folder for the root, and stage its files under wrong names, as `git add` does there.
    private static func folderOfGitFile(_ gitDirectory: FilePath, above current: FilePath) -> FilePath? {
        var folder = current
        while true {
            let file = folder.appending(".git")
            let status = (try? FileStatus.of(file)) ?? nil
            if status?.kind == .file {
                let target = try? GitFolder.target(
                    of: file, environment: [:], base: folder, files: KnownFiles())
                return target == gitDirectory ? folder : nil
            }
            if status != nil || !folder.removeLastComponent() { return nil }
        }
    }
}
