import Git
import Programs
import SystemCalls
import SystemPackage

extension Repository {
    /// The line that keeps a file out of Git; nil where there is none, and where Git tracks the file all the same.
    public func ruleIgnoring(_ path: RelativePath) throws -> RuleLine? {
        guard let rule = try ignoreRules().rule(ignoring: path, isDirectory: false) else { return nil }
        do {
            return try index().stages(of: path).isEmpty ? rule : nil
        } catch let error as GitError where error.kind == .unreadableIndex {
            return rule
        }
    }

    /// Whether a file is for this clone only: git-ignored and not in the index.
    public func isLocalOnly(_ path: RelativePath) throws -> Bool {
        try ruleIgnoring(path) != nil
    }

    /// Stages large files by their pointers and small files as they are, all in one step.
    ///
    /// The bytes of the large files are not read. Where Git would commit, or check out again, anything else than what is
    /// meant, nothing is staged (`StagingCheck`).
    ///
    /// - Parameters:
    ///   - archives: The large files and their pointers; the work tree holds either the file or the pointer.
    ///   - files: The small files.
    ///   - rules: The files that Git may convert as it likes, such as `.gitattributes`.
    ///   - removed: Paths to take out of the index.
    nonisolated(nonsending) public func stage(
        archives: [RelativePath: Pointer], files: [RelativePath], rules: [RelativePath] = [],
        removing removed: [RelativePath] = []
    ) async throws {
        let check = StagingCheck(self, archives: Array(archives.keys), files: files, rules: rules)
        if let obstacle = try check.obstacle() { throw obstacle }
        try await stage(
            archives.sorted { $0.key < $1.key }.map { StagedFile($0.key, .blob($0.value.encoded)) }
                + (files + rules.filter { !isLeftOut($0) }).map { StagedFile($0) },
            removing: removed)
        try check.confirm(archives)
    }

    /// Whether Git leaves a file out of the work tree, so that the index's version stays as it is.
    private func isLeftOut(_ path: RelativePath) -> Bool {
        guard let workTree, !Files.exists(workTree.appending(path)), let index = try? index() else { return false }
        return index.entry(at: path)?.flags.contains(.skipWorktree) ?? false
    }
}
