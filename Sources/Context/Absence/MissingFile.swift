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
}

extension InputsError {
    /// The refusal of a folder that is given to a build as it is, where Git tracks files of it that are absent.
    public static func absence(
        below folder: FilePath, in repository: Repository, root: FilePath
    ) throws(InputsError) -> InputsError? {
        guard let prefix = repository.relativePath(of: folder) else { return nil }
        if !Files.exists(folder) { return try absence(of: folder, in: repository, root: root) }
        let outer = try GitScope(repository, prefix: prefix)
        let descriptor: FileDescriptor
        do { descriptor = try Files.open(folder) } catch { throw InputsError(error) }
        defer { try? descriptor.close() }
        let scopes = NestedScopes(
            outer, folder: folder, base: descriptor.rawValue, name: ShownPath.naming(folder, in: root))
        if let refusal = AbsentPath.refusal(of: try scopes.absent { _ in true }, name: scopes.name) { return refusal }
        // The folder may be, or lie in, a submodule.
        return outer.folder(around: prefix).map { outer.refusal(of: $0, shown: ShownPath.of(folder, in: root)) }
    }
}

extension GitScope {
    /// The refusal of a path of the work tree at which nothing is, if Git tracks it and nobody removed it.
    func refusal(ofMissing path: RelativePath, shown: String) -> InputsError? {
        func isAbsent(_ entry: IndexEntry) -> Bool { entry.stage != 0 || entry.flags.contains(.skipWorktree) }
        let entry =
            index.stages(of: path).first(where: isAbsent) ?? index.entries(below: path).first(where: isAbsent)
            ?? folder(around: path)
        return entry.map { refusal(of: $0, shown: shown) }
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
                if entry.isSubmodule, let workTree = repository.workTree,
                    !Files.exists(workTree.appending(folder).appending(".git"))
                {
                    return entry
                }
            }
            above = folder.parent
        }
        return nil
    }
}
