import SystemCalls
import SystemPackage

extension Repository {
    /// Finds the repository that Git would use in a folder; nil outside of one.
    ///
    /// GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR and GIT_CEILING_DIRECTORIES mean what they mean to Git. A repository of
    /// another user is refused with Git's advice, unless `safe.directory` allows it.
    public static func discover(
        from folder: FilePath, environment: [String: String] = ProcessEnvironment.current
    ) throws -> Repository? {
        let start = try Files.realPath(folder)
        if let given = environment["GIT_DIR"], !given.isEmpty {
            let path = absolute(FilePath(given), in: start)
            guard let gitDirectory = try resolveGitFile(path), isGitDirectory(gitDirectory) else {
                throw GitError(.notFound, "open", "repository \(given)", "not a git repository")
            }
            return try open(gitDirectory, foundIn: nil, start: start, environment: environment)
        }
        let ceilings = (environment["GIT_CEILING_DIRECTORIES"] ?? "").split(separator: ":").compactMap {
            try? Files.realPath(FilePath(String($0)))
        }
        let device = try FileStatus.of(start, followLinks: true)?.device
        let crosses = environment["GIT_DISCOVERY_ACROSS_FILESYSTEM"].flatMap(GitConfiguration.truth) ?? false
        var current = start
        while true {
            let candidate = current.appending(".git")
            if let gitDirectory = try resolveGitFile(candidate), isGitDirectory(gitDirectory) {
                try RepositoryOwnership.check(
                    gitFile: candidate, workTree: current, gitDirectory: gitDirectory, environment: environment)
                return try open(gitDirectory, foundIn: current, start: start, environment: environment)
            }
            if isGitDirectory(current) {
                try RepositoryOwnership.check(
                    gitFile: nil, workTree: nil, gitDirectory: current, environment: environment)
                return try open(current, foundIn: nil, start: start, environment: environment)
            }
            let parent = current.removingLastComponent()
            if parent == current || ceilings.contains(parent) { return nil }
            if !crosses, try FileStatus.of(parent, followLinks: true)?.device != device { return nil }
            current = parent
        }
    }

    private static func absolute(_ path: FilePath, in folder: FilePath) -> FilePath {
        path.isAbsolute ? path : folder.pushing(path).lexicallyNormalized()
    }

    /// The Git folder that a `.git` names: itself, or what its `gitdir:` line says; nil where there is none.
    static func resolveGitFile(_ path: FilePath) throws -> FilePath? {
        switch try FileStatus.of(path, followLinks: true)?.kind {
        case .directory: return path
        case .file:
            guard let bytes = try Files.read(path, limit: 64 << 10) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.hasPrefix("gitdir: ") else {
                throw GitError(.invalid, "read", path.string, "invalid gitfile format")
            }
            let target = text.dropFirst(8).trimmingSuffix { $0.isNewline }
            return absolute(FilePath(String(target)), in: path.removingLastComponent())
        default: return nil
        }
    }

    /// Whether a folder looks like a Git folder: HEAD, and `objects` and `refs` there or in the common folder.
    static func isGitDirectory(_ path: FilePath) -> Bool {
        guard Files.exists(path.appending("HEAD")) else { return false }
        let common = (try? commonDirectory(of: path)) ?? path
        return Files.exists(common.appending("objects")) && Files.exists(common.appending("refs"))
    }

    static func commonDirectory(of gitDirectory: FilePath) throws -> FilePath {
        guard let bytes = try Files.read(gitDirectory.appending("commondir"), limit: 64 << 10) else {
            return gitDirectory
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingSuffix { $0.isNewline }
        return absolute(FilePath(String(text)), in: gitDirectory)
    }

    private static func open(
        _ gitDirectory: FilePath, foundIn folder: FilePath?, start: FilePath, environment: [String: String]
    ) throws -> Repository {
        var common = try commonDirectory(of: gitDirectory)
        if let given = environment["GIT_COMMON_DIR"], !given.isEmpty {
            common = absolute(FilePath(given), in: start)
        }
        let configuration = try GitConfigurationLoader.load(
            environment: environment, gitDirectory: gitDirectory, commonDirectory: common)
        try checkFormat(configuration, gitDirectory)
        var workTree = folder
        if let given = environment["GIT_WORK_TREE"], !given.isEmpty {
            workTree = absolute(FilePath(given), in: start)
        } else if let given = configuration.path("core.worktree") {
            workTree = absolute(given, in: gitDirectory)
        } else if try configuration.bool("core.bare") == true, gitDirectory == common {
            workTree = nil
        } else if folder == nil, environment["GIT_DIR"].map({ !$0.isEmpty }) ?? false {
            workTree = start
        }
        return Repository(
            gitDirectory: gitDirectory, commonDirectory: common, workTree: workTree, environment: environment)
    }

    /// Refuses repositories whose objects or references are kept in a form that this program cannot read.
    private static func checkFormat(_ configuration: GitConfiguration, _ gitDirectory: FilePath) throws {
        if let format = configuration.string("extensions.objectformat"), format.lowercased() != "sha1" {
            throw unsupported(gitDirectory, "its objects are named by \(format); only SHA-1 repositories can be read")
        }
        if let storage = configuration.string("extensions.refstorage"), storage.lowercased() != "files" {
            throw unsupported(gitDirectory, "its references are kept as \(storage); only plain files can be read")
        }
    }

    private static func unsupported(_ path: FilePath, _ reason: String) -> GitError {
        GitError(.unsupported, "open", "repository \(path.string)", reason)
    }
}

extension StringProtocol {
    /// The text without the characters at its end that the predicate picks.
    func trimmingSuffix(while predicate: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest = rest.dropLast() }
        return rest
    }
}
