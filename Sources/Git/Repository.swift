import CGit2
import SystemCalls
import SystemPackage

/// A Git repository with its work tree, if it has one.
///
/// Not to be used from two threads at once.
public final class Repository {
    /// The worktree's own Git folder (`.git`, or `.git/worktrees/NAME`).
    public let gitDirectory: FilePath
    /// The Git folder that all worktrees share.
    public let commonDirectory: FilePath
    /// The root of the work tree; nil for a bare repository.
    public let workTree: FilePath?
    /// The environment that the repository is looked at with.
    public let environment: [String: String]

    /// The commits of a shallow clone whose parents are left out.
    private(set) lazy var shallowCommits: Set<ObjectID> = {
        let bytes = (try? Files.read(commonDirectory.appending("shallow"))) ?? nil
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return Set(lines.compactMap { ObjectID(hexadecimal: $0) })
    }()

    private var loadedConfiguration: GitConfiguration?
    private var opened: Handle?

    /// Takes the parts that discovery found.
    init(gitDirectory: FilePath, commonDirectory: FilePath, workTree: FilePath?, environment: [String: String]) {
        self.gitDirectory = gitDirectory
        self.commonDirectory = commonDirectory
        self.workTree = workTree
        self.environment = environment
    }

    /// Whether the repository has no work tree.
    public var isBare: Bool { workTree == nil }

    /// Whether this is one of the worktrees that `git worktree add` made.
    public var isLinkedWorktree: Bool { gitDirectory != commonDirectory }

    /// The file that holds the index.
    public var indexPath: FilePath {
        if let file = environment["GIT_INDEX_FILE"], !file.isEmpty { return FilePath(file) }
        return gitDirectory.appending("index")
    }

    /// The folder of the loose objects and packs.
    public var objectsDirectory: FilePath {
        if let folder = environment["GIT_OBJECT_DIRECTORY"], !folder.isEmpty { return FilePath(folder) }
        return commonDirectory.appending("objects")
    }

    /// The path below the work tree of an absolute path; nil where it lies elsewhere.
    ///
    /// Links in the folders above the file are resolved, the file itself may be missing.
    public func relativePath(of path: FilePath) -> RelativePath? {
        guard let workTree else { return nil }
        let normal = path.lexicallyNormalized()
        if let relative = normal.relative(to: workTree) { return relative }
        guard let root = try? Files.realPath(workTree) else { return nil }
        if let name = normal.lastComponent, let folder = try? Files.realPath(normal.removingLastComponent()) {
            return folder.appending(name).relative(to: root)
        }
        return nil
    }

    /// The configuration in force, read at first use.
    public func configuration() throws -> GitConfiguration {
        if let loadedConfiguration { return loadedConfiguration }
        let configuration = try GitConfigurationLoader.load(
            environment: environment, gitDirectory: gitDirectory, commonDirectory: commonDirectory)
        loadedConfiguration = configuration
        return configuration
    }

    /// Forgets the configuration read so far, after it was changed.
    func forgetConfiguration() {
        loadedConfiguration = nil
    }

    /// The library's repository, opened at first use.
    func handle() throws(GitError) -> OpaquePointer {
        if let opened { return opened.pointer }
        try LibGit2.start()
        let flags = UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue)
        let path = workTree.map { $0.appending(".git") }.flatMap { Files.exists($0) ? $0 : nil } ?? gitDirectory
        guard
            let handle = try Handle.open(
                "open", "repository \(gitDirectory.string)", free: git_repository_free,
                { git_repository_open_ext(&$0, path.string, flags, nil) })
        else { throw GitError(.notFound, "open", "repository \(gitDirectory.string)", LibGit2.lastMessage) }
        if let workTree, path == gitDirectory {
            try LibGit2.check(
                "open", "work tree \(workTree.string)", git_repository_set_workdir(handle.pointer, workTree.string, 0))
        }
        opened = handle
        return handle.pointer
    }
}
