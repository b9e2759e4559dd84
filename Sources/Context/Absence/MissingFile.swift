import Git
import Records
import SystemCalls
import SystemPackage

extension InputsError {
    /// The refusal of a file or folder that is missing because it was never checked out, or left so by a merge; nil for
    /// one that Git does not track, or that was removed.
    ///
    /// - Parameters:
    ///   - path: Where nothing is.
    ///   - repository: The repository around it.
    ///   - root: The folder that messages name paths below.
    public static func absence(
        of path: FilePath, in repository: Repository, root: FilePath
    ) throws(InputsError) -> InputsError? {
        guard let tracked = repository.relativePath(of: path) else { return nil }
        return try GitScope(repository, prefix: "").refusal(ofMissing: tracked, shown: ShownPath.of(path, in: root))
    }

    /// The refusal of a file that a merge left unresolved, be the file there or not; nil for any other.
    public static func conflict(
        of path: FilePath, in repository: Repository, root: FilePath
    ) throws(InputsError) -> InputsError? {
        guard let tracked = repository.relativePath(of: path) else { return nil }
        return try GitScope(repository, prefix: "").refusal(ofUnmerged: tracked, shown: ShownPath.of(path, in: root))
    }
}

extension InputsError {
    /// The refusal of a folder that is given to a build as it is, where Git tracks files of it that are absent.
    public static func absence(
        below folder: FilePath, in repository: Repository, root: FilePath
    ) throws(InputsError) -> InputsError? {
        if let refusal = try replacement(on: folder, in: repository, root: root) { return refusal }
        guard let prefix = repository.relativePath(of: folder) else { return nil }
        if !Files.exists(folder) { return try absence(of: folder, in: repository, root: root) }
        let outer = try GitScope(repository, prefix: prefix)
        let descriptor: FileDescriptor
        do { descriptor = try Files.openFolder(folder) } catch { throw InputsError(error) }
        defer { try? descriptor.close() }
        let scopes = NestedScopes(
            outer, folder: folder, base: descriptor.rawValue, name: ShownPath.naming(folder, in: root))
        if let refusal = AbsentPath.refusal(of: try scopes.absent { _ in true }, name: scopes.name) { return refusal }
        // The folder may be, or lie in, a submodule.
        return outer.folder(around: prefix).map { outer.refusal(of: $0, shown: ShownPath.of(folder, in: root)) }
    }
}

extension InputsError {
    /// The refusal of a path that a link leads away from where Git tracks it: the link stands in place of a folder whose
    /// files are absent.
    ///
    /// - Parameters:
    ///   - path: A path whose links are followed.
    ///   - repository: The repository around it.
    ///   - root: The folder that no link leaves.
    package static func replacement(
        on path: FilePath, in repository: Repository, root: FilePath
    ) throws(InputsError) -> InputsError? {
        let links: [FilePath]
        do { links = try Files.links(on: path, below: root) } catch { throw InputsError(error) }
        if links.isEmpty { return nil }
        let scope = try GitScope(repository, prefix: "")
        for link in links {
            guard let tracked = repository.relativePath(of: link) else { continue }
            let entry = scope.index.entries(below: tracked).first(where: GitScope.isAbsent)
            if let entry = entry ?? scope.folder(around: tracked) {
                let file = repository.workTree?.appending(entry.path) ?? path
                return scope.refusal(of: entry, shown: ShownPath.of(file, in: root))
            }
        }
        return nil
    }
}

extension GitScope {
    fileprivate static func isAbsent(_ entry: IndexEntry) -> Bool {
        entry.stage != 0 || entry.flags.contains(.skipWorktree)
    }

    /// The refusal of a path of the work tree at which nothing is, if Git tracks it and nobody removed it.
    func refusal(ofMissing path: RelativePath, shown: String) -> InputsError? {
        let entry =
            index.stages(of: path).first(where: Self.isAbsent) ?? index.entries(below: path).first(where: Self.isAbsent)
            ?? folder(around: path)
        return entry.map { refusal(of: $0, shown: shown) }
    }

    /// The refusal of a file that a merge left unresolved, be the file there or not.
    func refusal(ofUnmerged path: RelativePath, shown: String) -> InputsError? {
        index.stages(of: path).first { $0.stage != 0 }.map { refusal(of: $0, shown: shown) }
    }

    fileprivate func refusal(of entry: IndexEntry, shown: String) -> InputsError {
        let cause: AbsentPath.Cause = entry.stage != 0 ? .unmerged : entry.isSubmodule ? .submodule : cause
        return AbsentPath(entry, cause, in: self).refusal { _ in shown }
    }

    /// The folder of a sparse index, or the submodule that is not checked out, that a path is or lies in.
    fileprivate func folder(around path: RelativePath) -> IndexEntry? {
        var above: RelativePath? = path
        while let folder = above, !folder.bytes.isEmpty {
            if let entry = index.entry(at: folder) {
                if entry.isSparseDirectory { return entry }
                if entry.isSubmodule, let workTree = repository.workTree, !Self.hasGit(folder, below: workTree) {
                    return entry
                }
            }
            above = folder.parent
        }
        return nil
    }

    /// Whether a folder has a `.git`, and no link leads to it.
    private static func hasGit(_ folder: RelativePath, below workTree: FilePath) -> Bool {
        var path = workTree
        for component in folder.components {
            path = path.appending(RelativePath(bytes: Array(component)))
            if ((try? FileStatus.of(path)) ?? nil)?.kind != .directory { return false }
        }
        return Files.exists(path.appending(".git"))
    }
}
