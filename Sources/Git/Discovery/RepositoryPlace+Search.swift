import Programs
import SystemCalls
import SystemPackage

extension RepositoryPlace {
    /// Finds the repository that Git would use; nil outside of one.
    ///
    /// Git's variables mean what they mean to Git. A repository of another user is refused with Git's advice unless
    /// `safe.directory` allows it. Narrower than Git: a bare repository that lies in a work tree is used only where
    /// GIT_DIR names it, since a commit may have put it there.
    ///
    /// - Parameters:
    ///   - folder: Where the search upward starts.
    ///   - current: The folder that relative variables are seen from; nil for `folder`.
    ///   - environment: The variables.
    public static func find(
        from folder: FilePath, current: FilePath? = nil, environment: [String: String] = ProcessEnvironment.current
    ) throws -> RepositoryPlace? {
        let start = try Files.realPath(folder)
        let files = KnownFiles()
        let current = try current.map { path throws(SystemError) in try Files.realPath(path) } ?? start
        if let given = environment["GIT_DIR"] {
            let path = given.isEmpty ? nil : FilePath(keeping: given).absolute(in: current)
            let target = try path.flatMap {
                try GitFolder.target(of: $0, environment: environment, base: current, files: files) ?? $0
            }
            guard let target, try GitFolder.isValid(target, environment: environment, base: current, files: files)
            else {
                throw GitError(.notFound, "open", "repository '\(given)'", "not a git repository")
            }
            return try RepositoryPlace(target, foundIn: nil, current: current, environment: environment, files: files)
        }
        var steps = try FoldersAbove(start, environment: environment)
        while let folder = try steps.next() {
            switch try look(into: folder, environment: environment, base: current, files: files) {
            case .none: continue
            case .gitFile(let gitDirectory):
                return try RepositoryPlace(
                    gitDirectory, foundIn: folder, current: current, environment: environment, files: files)
            case .bare:
                try refuseHidden(folder, steps, environment: environment, base: current, files: files)
                return try RepositoryPlace(
                    folder, foundIn: nil, current: current, environment: environment, files: files)
            }
        }
        return nil
    }

    /// The repository whose root, or whose bare Git folder, a folder is; folders above it do not count, nor do the
    /// variables that belong to another repository.
    public static func at(_ folder: FilePath, environment: [String: String]) throws -> RepositoryPlace? {
        let folder = try Files.realPath(folder)
        let environment = GitEnvironment.withoutRepository(environment)
        let files = KnownFiles()
        switch try look(into: folder, environment: environment, base: folder, files: files) {
        case .none: return nil
        case .gitFile(let gitDirectory):
            return try RepositoryPlace(
                gitDirectory, foundIn: folder, current: folder, environment: environment, files: files)
        case .bare:
            return try RepositoryPlace(folder, foundIn: nil, current: folder, environment: environment, files: files)
        }
    }

    private enum Finding {
        case none
        case gitFile(FilePath)
        case bare
    }

    /// Looks for a repository in one folder, as Git does at each step upward.
    private static func look(
        into folder: FilePath, environment: [String: String], base: FilePath, files: KnownFiles
    ) throws -> Finding {
        let file = folder.appending(".git")
        var gitDirectory = try GitFolder.target(of: file, environment: environment, base: base, files: files)
        if gitDirectory == nil, try GitFolder.isValid(file, environment: environment, base: base, files: files) {
            gitDirectory = file
        }
        if let gitDirectory {
            try RepositoryOwnership.check(
                gitFile: file, workTree: folder, gitDirectory: gitDirectory, environment: environment)
            return .gitFile(gitDirectory)
        }
        guard try GitFolder.isValid(folder, environment: environment, base: base, files: files) else { return .none }
        let isInGitFolder = folder.components.contains { $0.string == ".git" }
        let configuration = try GitConfigurationLoader.loadProtected(environment: environment)
        if !isInGitFolder, configuration.string("safe.barerepository") == "explicit" {
            throw GitError(
                .notOwned, "use", "bare repository '\(folder)'", "safe.bareRepository is 'explicit'",
                hint: "GIT_DIR=\(ShellWord.shown(folder)) names it explicitly")
        }
        try RepositoryOwnership.check(
            gitFile: nil, workTree: nil, gitDirectory: folder, environment: environment)
        return .bare
    }

    /// Refuses a bare repository that lies in the work tree of a repository further up.
    private static func refuseHidden(
        _ folder: FilePath, _ above: FoldersAbove, environment: [String: String], base: FilePath, files: KnownFiles
    ) throws {
        var above = above
        while let outer = try above.next() {
            let file = outer.appending(".git")
            guard
                let gitDirectory = try? GitFolder.target(of: file, environment: environment, base: base, files: files)
                    ?? (GitFolder.isValid(file, environment: environment, base: base, files: files) ? file : nil)
            else { continue }
            // The folder is the Git folder itself, or one inside of it.
            if folder.starts(with: file) || folder.starts(with: gitDirectory) { return }
            // A folder that another user planted is no reason to refuse.
            let isTrusted: Void? = try? RepositoryOwnership.check(
                gitFile: file, workTree: outer, gitDirectory: gitDirectory, environment: environment)
            if isTrusted == nil { continue }
            throw GitError(
                .notOwned, "use", "bare repository '\(folder)'",
                "it lies in the work tree \(outer), where a commit may have put it",
                hint: "GIT_DIR=\(ShellWord.shown(folder)) names it explicitly")
        }
    }
}

/// The folders from one upward, as far as Git looks: to the root, a ceiling or the end of the file system.
private struct FoldersAbove {
    private var rest: FilePath?
    private let ceilings: [FilePath]
    private let device: UInt64?

    init(_ start: FilePath, environment: [String: String]) throws {
        rest = start
        var resolves = true
        var ceilings: [FilePath] = []
        for entry in (environment["GIT_CEILING_DIRECTORIES"] ?? "").split(
            separator: ":", omittingEmptySubsequences: false)
        {
            // After an empty entry links are not resolved; relative entries do not count.
            if entry.isEmpty { resolves = false }
            guard entry.hasPrefix("/") else { continue }
            let path = FilePath(String(entry))
            if !resolves {
                ceilings.append(path.lexicallyNormalized())
            } else if let real = try? Files.realPath(path) {
                ceilings.append(real)
            }
        }
        self.ceilings = ceilings
        let crosses = environment["GIT_DISCOVERY_ACROSS_FILESYSTEM"].flatMap(GitConfiguration.truth) ?? false
        device = crosses ? nil : try FileStatus.of(start, followLinks: true)?.device
    }

    mutating func next() throws -> FilePath? {
        guard let current = rest else { return nil }
        let parent = current.removingLastComponent()
        let isEnd =
            try parent == current || ceilings.contains(parent)
            || device.map { try FileStatus.of(parent, followLinks: true)?.device != $0 } ?? false
        rest = isEnd ? nil : parent
        return current
    }
}
