import Git
import Hashing
import JSON
import LFS
import SystemCalls
import SystemPackage

/// `lfs status`: what is staged, what is not, and what a push would upload.
struct StatusVerb {
    /// A file that differs.
    struct Change: Hashable {
        let path: RelativePath
        /// `A`, `M`, `T`, `D` or `R`.
        let status: String
        /// The blob before; nil for a new file.
        let from: ObjectID?
        /// The blob after; nil where the work tree's file is meant.
        let to: ObjectID?
        /// Where a renamed file was.
        var source: RelativePath?
    }

    private let repository: Repository
    private let folder: FilePath
    private let index: Index
    private let staged: [Change]
    private let unstaged: [Change]

    /// Compares HEAD, index and work tree.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - folder: The current folder, which paths for people are relative to.
    init(_ repository: Repository, in folder: FilePath) throws {
        self.repository = repository
        self.folder = folder
        index = try repository.index()
        staged = try Self.staged(repository, index)
        unstaged = try Self.unstaged(repository, index, staged)
    }

    private static func staged(_ repository: Repository, _ index: Index) throws -> [Change] {
        var committed = try committed(repository)
        var changes: [Change] = []
        for entry in index.entries
        where entry.stage == 0 && (entry.isFile || entry.isLink) && !entry.flags.contains(.intentToAdd) {
            let old = committed.removeValue(forKey: entry.path)
            let new = TreeEntry(id: entry.id, mode: entry.mode)
            if let status = status(old, new) {
                changes.append(Change(path: entry.path, status: status, from: old?.id, to: entry.id))
            }
        }
        return withRenames(changes + gone(committed, index)).sorted { $0.path < $1.path }
    }

    /// The files of HEAD.
    private static func committed(_ repository: Repository) throws -> [RelativePath: TreeEntry] {
        var committed: [RelativePath: TreeEntry] = [:]
        if let head = try repository.head() { try repository.files(of: head) { committed[$0.path] = $0.entry } }
        return committed
    }

    /// Git's letter for a file that was one thing and is another; nil where nothing changed.
    private static func status(_ old: TreeEntry?, _ new: TreeEntry) -> String? {
        guard let old else { return "A" }
        if old.isLink != new.isLink { return "T" }
        return old.id == new.id && (new.isLink || old.mode & 0o100 == new.mode & 0o100) ? nil : "M"
    }

    /// The files of HEAD that are in the index no more, conflicts and folders outside a sparse checkout left out.
    private static func gone(_ rest: [RelativePath: TreeEntry], _ index: Index) -> [Change] {
        var rest = rest
        for path in index.unmergedPaths { rest[path] = nil }
        for folder in index.entries where folder.isSparseDirectory {
            for path in rest.keys where path.isInside(folder.path) { rest[path] = nil }
        }
        return rest.map { Change(path: $0, status: "D", from: $1.id, to: nil) }
    }

    /// Makes one rename of a file that went away and one that came with the same blob.
    private static func withRenames(_ changes: [Change]) -> [Change] {
        var gone: [ObjectID: [Change]] = [:]
        for change in changes.sorted(by: { $1.path < $0.path }) where change.status == "D" {
            if let id = change.from { gone[id, default: []].append(change) }
        }
        var sources: Set<RelativePath> = []
        let renamed = changes.map { change in
            guard change.status == "A", let id = change.to, let source = gone[id]?.popLast() else { return change }
            sources.insert(source.path)
            return Change(path: change.path, status: "R", from: id, to: id, source: source.path)
        }
        return renamed.filter { !($0.status == "D" && sources.contains($0.path)) }
    }

    /// How the work tree differs from HEAD, which is what git-lfs takes for "not staged", less what is staged just so.
    private static func unstaged(
        _ repository: Repository, _ index: Index, _ staged: [Change]
    ) throws -> [Change] {
        guard let workTree = repository.workTree else { return [] }
        let comparison = WorkTreeComparison(repository, index)
        var committed = try committed(repository)
        var changes: [Change] = []
        for entry in index.entries where entry.stage == 0 && (entry.isFile || entry.isLink) {
            let old = committed.removeValue(forKey: entry.path)
            let status = try FileStatus.of(workTree.appending(entry.path))
            if entry.flags.contains(.skipWorktree) || entry.flags.contains(.assumeValid) {
                // Git takes such a file for unchanged.
            } else if status?.kind != .file && status?.kind != .symbolicLink {
                if let old { changes.append(Change(path: entry.path, status: "D", from: old.id, to: nil)) }
                continue
            } else if let status, try entry.flags.contains(.intentToAdd) || !comparison.isUnchanged(entry, status) {
                let isLink = old?.isLink ?? false
                let letter = old == nil ? "A" : isLink == (status.kind == .symbolicLink) ? "M" : "T"
                changes.append(Change(path: entry.path, status: letter, from: old?.id, to: nil))
                continue
            }
            if let letter = Self.status(old, TreeEntry(id: entry.id, mode: entry.mode)) {
                changes.append(Change(path: entry.path, status: letter, from: old?.id, to: entry.id))
            }
        }
        let known = Set(staged)
        return withRenames(changes + gone(committed, index)).filter { !known.contains($0) }.sorted { $0.path < $1.path }
    }

    /// The report for people.
    nonisolated(nonsending) func lines() async throws -> [String] {
        var lines: [String] = []
        if let head = try repository.head() {
            let branch = try repository.headBranch()
            lines.append("On branch \(branch.map { String($0.dropFirst("refs/heads/".count)) } ?? "HEAD")")
            if let branch, let upstream = try upstream(of: branch), let remote = try repository.commit(upstream) {
                lines += ["Objects to be pushed to \(upstream.dropFirst("refs/remotes/".count)):", ""]
                let range = [head.hexadecimal, "--not", remote.hexadecimal]
                for item in try await PointerScan(repository).reachable(range) {
                    lines.append("\t\(relative(item.path)) (\(item.pointer.oid.hexadecimal))")
                }
            }
        }
        lines += ["", "Objects to be committed:", ""]
        lines += try staged.map { "\t\(name(of: $0)) (\(try description(of: $0)))" }
        lines += ["", "Objects not staged for commit:", ""]
        lines += try unstaged.map { "\t\(name(of: $0)) (\(try description(of: $0)))" }
        return lines + [""]
    }

    /// The path, and where a renamed file was, as seen from the current folder.
    private func name(of change: Change) -> String {
        (change.source.map { relative($0) + " -> " } ?? "") + relative(change.path)
    }

    /// A path as seen from the current folder.
    private func relative(_ path: RelativePath) -> String {
        guard let here = repository.relativePath(of: folder), !here.bytes.isEmpty else { return path.description }
        let base = here.components
        let parts = path.components
        let common = zip(base, parts).prefix { $0.elementsEqual($1) }.count
        let up = Array(repeating: "..", count: base.count - common)
        return (up + parts.dropFirst(common).map { String(decoding: $0, as: UTF8.self) }).joined(separator: "/")
    }

    private func upstream(of branch: String) throws -> String? {
        let configuration = try repository.configuration()
        let name = branch.dropFirst("refs/heads/".count)
        guard let remote = configuration.string("branch.\(name).remote"), remote != ".",
            let merge = configuration.string("branch.\(name).merge"), merge.hasPrefix("refs/heads/")
        else { return nil }
        return "refs/remotes/\(remote)/" + merge.dropFirst("refs/heads/".count)
    }

    private func description(of change: Change) throws -> String {
        let source = try blob(change.from ?? change.to, change.path)
        return change.status == "A" ? source : source + " -> " + (try blob(change.to, change.path))
    }

    /// The pointer of a blob; an empty blob is that of the empty file.
    private func pointer(_ id: ObjectID) throws -> Pointer? {
        if try repository.blobSize(id) == 0 { return Pointer(oid: SHA256Digest(of: []), size: 0) }
        return try repository.pointer(inBlob: id)
    }

    /// `LFS: OID7`, `Git: SHA7` of a blob, `File: SHA7` of the work tree's file.
    private func blob(_ id: ObjectID?, _ path: RelativePath) throws -> String {
        if let id {
            if let pointer = try pointer(id) { return "LFS: \(pointer.oid.hexadecimal.prefix(7))" }
            guard let bytes = try repository.blob(id, limit: 256 << 20) else { return "?: <missing>" }
            return "Git: \(SHA256Digest(of: bytes).hexadecimal.prefix(7))"
        }
        let file = repository.workTree.map { $0.appending(path) }
        switch try file.map({ file throws(SystemError) in try FileStatus.of(file)?.kind }) {
        case .file: return "File: \(try file.map { try Pointer.of($0).oid.hexadecimal.prefix(7) } ?? "")"
        case .symbolicLink:
            return "File: \(try file.map { SHA256Digest(of: try Files.linkText($0)).hexadecimal.prefix(7) } ?? "")"
        // Git keeps nothing of the other kinds.
        default: return "File: deleted"
        }
    }

    /// The lines of `--porcelain`: each path once, what is not staged first.
    func porcelain() -> [String] {
        var seen: Set<RelativePath> = []
        return (unstaged + staged).filter { seen.insert($0.path).inserted }.map { change in
            let source = change.source.map { "\($0) -> " } ?? ""
            return change.status == "M" ? " M \(change.path)" : "\(change.status)  \(source)\(change.path)"
        }
    }

    /// The document of `--json`: the files that hold a pointer before or after; what is staged has the last word.
    func document() throws -> JSONValue {
        var files: [String: JSONValue] = [:]
        for change in unstaged + staged {
            guard let id = change.from ?? change.to, try pointer(id) != nil else { continue }
            var members: [JSONValue.Member] = [.init("status", .string(change.status))]
            if let source = change.source { members.append(.init("from", .string(source.percentEncoded))) }
            files[change.path.percentEncoded] = .object(members)
        }
        return ["files": .map(files)]
    }
}
