import Git
import Programs
import SystemCalls
import SystemPackage

extension Repository {
    /// Whether a file is for this clone only: git-ignored and not in the index.
    public func isLocalOnly(_ path: RelativePath) throws -> Bool {
        guard try ignoreRules().isIgnored(path, isDirectory: false) else { return false }
        do {
            return try index().stages(of: path).isEmpty
        } catch let error as GitError where error.kind == .unreadableIndex {
            return true
        }
    }

    /// Stages large files by their pointers and small files as they are, all in one step.
    ///
    /// The bytes of the large files are not read. A large file that no attribute puts under LFS is refused, since Git
    /// would take in all of its bytes.
    ///
    /// - Parameters:
    ///   - archives: The large files and their pointers; the work tree holds either the file or the pointer.
    ///   - files: The small files.
    ///   - removed: Paths to take out of the index.
    nonisolated(nonsending) public func stage(
        archives: [RelativePath: Pointer], files: [RelativePath], removing removed: [RelativePath] = []
    ) async throws {
        let attributes = try attributes(["filter"])
        for path in archives.keys where try attributes.value(of: "filter", for: path) != .value("lfs") {
            throw GitError(
                .notStaged, "stage", path.description, "no line of .gitattributes puts it under LFS",
                hint: StartFolder.command("cache-image", in: workTree)
                    + " lfs track \(ShellWord.quoted(path.description))")
        }
        try await stage(
            archives.sorted { $0.key < $1.key }.map { StagedFile($0.key, .blob($0.value.encoded)) }
                + files.map { StagedFile($0) },
            removing: removed)
    }
}
