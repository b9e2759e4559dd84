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
    /// The environment that the repository is looked at with, every path of Git's variables absolute.
    public let environment: [String: String]
    /// Where it is.
    public let place: RepositoryPlace

    /// The commits of a shallow clone whose parents are left out.
    private(set) lazy var shallowCommits: Set<ObjectID> = {
        let bytes = (try? Files.read(commonDirectory.appending("shallow"))) ?? nil
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return Set(lines.compactMap { ObjectID(hexadecimal: $0) })
    }()

    private var loadedConfiguration: GitConfiguration?
    /// What was read of the small files, from discovery on.
    let knownFiles: KnownFiles
    /// What was read of the work tree's rules and the index (`RepositoryView`).
    var view = RepositoryView()
    private var opened: Handle?

    /// Opens what discovery found.
    ///
    /// - Throws: `GitError` of kind `unsupported` where its form cannot be read.
    public init(_ place: RepositoryPlace) throws(GitError) {
        if let unsupported = place.unsupported { throw unsupported }
        self.place = place
        knownFiles = place.knownFiles
        gitDirectory = place.gitDirectory
        commonDirectory = place.commonDirectory
        workTree = place.workTree
        environment = place.environment
    }

    /// Finds the repository that Git would use in a folder and opens it; nil outside of one (`RepositoryPlace.find`).
    public static func discover(
        from folder: FilePath, environment: [String: String] = ProcessEnvironment.current
    ) throws -> Repository? {
        try RepositoryPlace.find(from: folder, environment: environment).map { place throws(GitError) in
            try Repository(place)
        }
    }

    /// Opens another repository beside this one, at its root or bare Git folder: a submodule, a worktree, a remote.
    public static func at(_ folder: FilePath, environment: [String: String]) throws -> Repository? {
        try RepositoryPlace.at(folder, environment: environment).map { place throws(GitError) in
            try Repository(place)
        }
    }

    /// Whether the repository has no work tree.
    public var isBare: Bool { workTree == nil }

    /// Whether this is one of the worktrees that `git worktree add` made.
    public var isLinkedWorktree: Bool { gitDirectory != commonDirectory }

    /// The file that holds the index; as with Git, an empty GIT_INDEX_FILE names none.
    public var indexPath: FilePath {
        if let file = environment["GIT_INDEX_FILE"] { return FilePath(file) }
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
            environment: environment, gitDirectory: gitDirectory, commonDirectory: commonDirectory,
            known: knownFiles)
        loadedConfiguration = configuration
        return configuration
    }

    /// The bytes of a regular file of the work tree, read once while it stays the same; nil where nothing is there.
    public func plainBytes(of path: FilePath) throws(SystemError) -> [UInt8]? {
        try knownFiles.plainBytes(of: path, limit: 64 << 20)
    }

    /// Forgets the configuration read so far, after it was changed.
    func forgetConfiguration() {
        loadedConfiguration = nil
        forgetRules()
    }

    /// The library's repository, opened at first use.
    func handle() throws(GitError) -> OpaquePointer {
        if let opened { return opened.pointer }
        let handle = try open()
        opened = handle
        return handle.pointer
    }

    private func open() throws(GitError) -> Handle {
        try LibGit2.start()
        do { try refuseWaiting() } catch {
            throw error as? GitError ?? GitError(.failed, "open", "\(gitDirectory)", "\(error)")
        }
        let flags = UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue)
        let name = "repository \(gitDirectory.string)"
        if let given = environment["GIT_COMMON_DIR"], !given.isEmpty,
            (try? GitFolder.commonDirectory(of: gitDirectory, environment: [:], base: gitDirectory)) != commonDirectory
        {
            throw GitError(.unsupported, "open", name, "GIT_COMMON_DIR names another folder than its commondir")
        }
        // Through the work tree's `.git` the library knows a linked worktree for what it is.
        let file = workTree?.appending(".git")
        let isPlain = file.map { (try? gitFolder(of: $0)) == gitDirectory } ?? false
        let path = isPlain ? file ?? gitDirectory : gitDirectory
        guard
            let handle = try Handle.open(
                "open", name, free: git_repository_free, { git_repository_open_ext(&$0, path.string, flags, nil) })
        else { throw GitError(.notFound, "open", name, LibGit2.lastMessage) }
        if let workTree {
            try LibGit2.check(
                "open", "work tree \(workTree.string)", git_repository_set_workdir(handle.pointer, workTree.string, 0))
        }
        try setObjectDirectories(of: handle)
        return handle
    }

    private func gitFolder(of file: FilePath) throws -> FilePath? {
        if let target = try GitFolder.target(
            of: file, environment: environment, base: gitDirectory, files: knownFiles)
        {
            return target
        }
        return try FileStatus.of(file)?.kind == .directory ? file : nil
    }

    /// Gives the library the object folders that the environment names; it does not look there itself.
    private func setObjectDirectories(of handle: Handle) throws(GitError) {
        let alternates = GitEnvironment.folders(environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? "")
        let isMoved = environment["GIT_OBJECT_DIRECTORY"].map { !$0.isEmpty } ?? false
        guard isMoved || !alternates.isEmpty else { return }
        let name = "object folder \(objectsDirectory.string)"
        let path = objectsDirectory.string
        guard let database = try Handle.open("open", name, free: git_odb_free, { git_odb_open(&$0, path) }) else {
            throw GitError(.notFound, "open", name, LibGit2.lastMessage)
        }
        for folder in alternates {
            try LibGit2.check(
                "open", "object folder \(folder.string)", git_odb_add_disk_alternate(database.pointer, folder.string))
        }
        try LibGit2.check("open", name, git_repository_set_odb(handle.pointer, database.pointer))
    }
}
