import Glibc
import SystemCalls
import SystemPackage

/// Git's own tests of what a Git folder is (`is_git_directory` and `read_gitfile` of Git's setup.c).
enum GitFolder {
    /// Git reads no `.git` file above this size.
    private static let fileLimit = 1 << 20

    /// Whether a folder is a Git folder: HEAD says something, and `objects` and `refs` are there.
    ///
    /// GIT_COMMON_DIR and GIT_OBJECT_DIRECTORY stand for the folders that they name, relative to `base`.
    static func isValid(
        _ path: FilePath, environment: [String: String], base: FilePath, files: KnownFiles
    ) throws -> Bool {
        guard hasHead(path, files) else { return false }
        // An empty path is no folder, as with Git.
        if ["GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"].contains(where: { environment[$0]?.isEmpty ?? false }) {
            return false
        }
        let common = try commonDirectory(of: path, environment: environment, base: base)
        let objects =
            environment["GIT_OBJECT_DIRECTORY"].map { FilePath(keeping: $0).absolute(in: base) }
            ?? common.appending("objects")
        return canSearch(objects) && canSearch(common.appending("refs"))
    }

    private static func canSearch(_ path: FilePath) -> Bool {
        path.withPlatformString { access($0, X_OK) } == 0
    }

    /// Whether HEAD is a link to `refs/…`, or says `ref: refs/…` or the name of an object.
    private static func hasHead(_ folder: FilePath, _ files: KnownFiles) -> Bool {
        switch try? Head.read(in: folder, files) {
        case .reference(let name): name.starts(with: "refs/".utf8)
        case .commit: true
        case nil: false
        }
    }

    /// The Git folder that a `.git` file names; nil where there is no such file.
    ///
    /// A file that names none is an error, as with Git.
    static func target(
        of file: FilePath, environment: [String: String], base: FilePath, files: KnownFiles
    ) throws -> FilePath? {
        guard try FileStatus.of(file, followLinks: true)?.kind == .file,
            let bytes = try Files.read(file, limit: fileLimit)
        else { return nil }
        let target = withoutLineEnd(bytes).dropFirst(8)
        guard bytes.starts(with: "gitdir: ".utf8), !target.isEmpty else {
            throw GitError(.invalid, "read", file.string, "invalid gitfile format")
        }
        let path = FilePath(bytes: target).absolute(in: file.removingLastComponent())
        guard try isValid(path, environment: environment, base: base, files: files) else {
            throw GitError(.notFound, "open", "repository \(path.string)", "not a git repository (\(file) names it)")
        }
        return path
    }

    /// The Git folder that all worktrees share: GIT_COMMON_DIR, what `commondir` says, or the folder itself.
    static func commonDirectory(
        of gitDirectory: FilePath, environment: [String: String], base: FilePath
    ) throws -> FilePath {
        if let given = environment["GIT_COMMON_DIR"], !given.isEmpty {
            return FilePath(keeping: given).absolute(in: base)
        }
        guard let bytes = try Files.read(gitDirectory.appending("commondir"), limit: fileLimit) else {
            return gitDirectory
        }
        return FilePath(bytes: withoutLineEnd(bytes)).absolute(in: gitDirectory)
    }

    /// The bytes without CR and LF at their end; all else belongs to the path.
    static func withoutLineEnd(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        while let last = rest.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { rest.removeLast() }
        return rest
    }
}

extension FilePath {
    /// This path seen from a folder, its links resolved as far as it exists.
    func absolute(in folder: FilePath) -> FilePath {
        let path = isAbsolute ? self : folder.pushing(self)
        if let real = try? Files.realPath(path) { return real }
        if let name = path.lastComponent, name.kind == .regular,
            let parent = try? Files.realPath(path.removingLastComponent())
        {
            return parent.appending(name)
        }
        return path.lexicallyNormalized()
    }
}
