import Git
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

extension GitScope {
    /// The refusal of a path of the work tree at which nothing is, if Git tracks it and nobody removed it.
    func refusal(ofMissing path: RelativePath, shown: String) -> InputsError? {
        guard let entry = absentEntry(at: path) else { return nil }
        let cause: AbsentPath.Cause = entry.stage != 0 ? .unmerged : entry.isSubmodule ? .submodule : cause
        return AbsentPath(entry, cause, in: self).refusal { _ in shown }
    }

    private func absentEntry(at path: RelativePath) -> IndexEntry? {
        func isAbsent(_ entry: IndexEntry) -> Bool { entry.stage != 0 || entry.flags.contains(.skipWorktree) }
        if let entry = index.stages(of: path).first(where: isAbsent) { return entry }
        if let entry = index.entries(below: path).first(where: isAbsent) { return entry }
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
