import Git
import LFS
import SystemCalls
import SystemPackage

extension TrackVerb {
    /// Files that LFS must never hold.
    static func isForbidden(_ path: RelativePath) -> Bool {
        [".git", ".lfs"].contains { path.lastComponent.starts(with: $0.utf8) }
    }

    private func rules(_ pattern: String, _ prefix: RelativePath) -> IgnoreRules {
        let folder = prefix.asPattern
        let anchor = folder.isEmpty ? "" : pattern.dropLast().contains("/") ? "/\(folder)/" : "/\(folder)/**/"
        return IgnoreRules(patterns: [
            anchor + (anchor.isEmpty || !pattern.hasPrefix("/") ? pattern : String(pattern.dropFirst()))
        ])
    }

    /// The tracked files that a pattern of the folder's `.gitattributes` is about.
    func matching(_ pattern: String, _ prefix: RelativePath) throws -> [RelativePath] {
        let rules = rules(pattern, prefix)
        return try repository.index().entries(below: prefix).filter { entry in
            try entry.isFile && entry.stage == 0 && rules.isIgnored(entry.path, isDirectory: false)
        }.map(\.path)
    }

    /// Makes files that Git holds as they are look modified, so that the next `git add` puts them under LFS.
    func touch(_ pattern: String, _ prefix: RelativePath) throws {
        guard let workTree = repository.workTree else { return }
        let text = AttributePattern.unescaped(pattern)
        if isVerbose { console.print("Searching for files matching pattern: \(text)") }
        let index = try repository.index()
        // What is a pointer already need not be added again.
        let found = try matching(pattern, prefix).filter { path in
            guard let entry = index.entry(at: path) else { return false }
            return try repository.pointer(inBlob: entry.id) == nil
        }
        if isVerbose {
            console.print("Found \(found.count) files previously added to Git matching pattern: \(text)")
        }
        for path in found {
            if isVerbose || isDryRun { console.print("Touching \(path.description.quotedAsGo)") }
            let file = workTree.appending(path)
            if !isDryRun, Files.exists(file) { try Files.touch(file) }
        }
    }

    /// Makes the files of patterns read-only, or writable again, as git-lfs does with lockable ones.
    nonisolated(nonsending) func setWritable(_ isWritable: Bool, _ patterns: [String]) async throws {
        guard let workTree = repository.workTree,
            try LFSConfiguration.load(repository).bool("lfs.setlockablereadonly") ?? true
        else { return }
        try repository.refuseWaiting(readsRules: true)
        let program = GitProgram(in: folder, environment: repository.environment)
        let words = ["ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard"]
        guard let result = try await program.run(words) else {
            throw GitError(.failed, "run", "git", "the program is not installed, so no file's mode was changed")
        }
        guard result.status == 0 else { return }
        let prefix = repository.relativePath(of: folder) ?? ""
        let rules = patterns.map { self.rules($0, prefix) }
        for bytes in Set(result.output.split(separator: 0).map(Array.init)) {
            let path = RelativePath(bytes: bytes)
            guard try rules.contains(where: { try $0.isIgnored(path, isDirectory: false) }) else { continue }
            let file = workTree.appending(path)
            guard let status = try FileStatus.of(file), status.kind == .file else { continue }
            try Files.setPermissions(
                file, isWritable ? status.permissions | 0o200 : status.permissions & ~0o222)
        }
    }
}
