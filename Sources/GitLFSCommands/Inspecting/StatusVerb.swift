import Git
import Hashing
import JSON
import LFS
import SystemCalls
import SystemPackage

/// `lfs status`: what is staged, what is not, and what a push would upload.
struct StatusVerb {
    /// A file that differs.
    struct Change {
        let path: RelativePath
        /// `A`, `M`, `D` or `R`.
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
        unstaged = try Self.unstaged(repository, index)
    }

    private static func staged(_ repository: Repository, _ index: Index) throws -> [Change] {
        var committed: [RelativePath: ObjectID] = [:]
        if let head = try repository.head() { try repository.files(of: head) { committed[$0.path] = $0.entry.id } }
        var changes: [Change] = []
        for entry in index.entries
        where entry.stage == 0 && (entry.isFile || entry.isLink) && !entry.flags.contains(.intentToAdd) {
            let old = committed.removeValue(forKey: entry.path)
            if old == entry.id { continue }
            changes.append(Change(path: entry.path, status: old == nil ? "A" : "M", from: old, to: entry.id))
        }
        for path in index.unmergedPaths { committed[path] = nil }
        for folder in index.entries where folder.isSparseDirectory {
            for path in committed.keys where path.isInside(folder.path) { committed[path] = nil }
        }
        changes += committed.map { Change(path: $0, status: "D", from: $1, to: nil) }
        return Self.withRenames(changes).sorted { $0.path < $1.path }
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

    private static func unstaged(_ repository: Repository, _ index: Index) throws -> [Change] {
        guard let workTree = repository.workTree else { return [] }
        let comparison = WorkTreeComparison(repository, index)
        return try index.entries.compactMap { entry in
            guard entry.stage == 0, entry.isFile, !entry.flags.contains(.skipWorktree),
                !entry.flags.contains(.assumeValid)
            else { return nil }
            guard let status = try FileStatus.of(workTree.appending(entry.path)) else {
                return Change(path: entry.path, status: "D", from: entry.id, to: nil)
            }
            if try comparison.isUnchanged(entry, status) { return nil }
            return Change(path: entry.path, status: "M", from: entry.id, to: nil)
        }
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

    /// `LFS: OID7`, `Git: SHA7` of a blob, `File: SHA7` of the work tree's file.
    private func blob(_ id: ObjectID?, _ path: RelativePath) throws -> String {
        if let id {
            if let pointer = try repository.pointer(inBlob: id) { return "LFS: \(pointer.oid.hexadecimal.prefix(7))" }
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
        distinct().map { change in
            let source = change.source.map { "\($0) -> " } ?? ""
            return change.status == "M" ? " M \(change.path)" : "\(change.status)  \(source)\(change.path)"
        }
    }

    private func distinct() -> [Change] {
        var seen: Set<RelativePath> = []
        return (unstaged + staged).filter { seen.insert($0.path).inserted }
    }

    /// The document of `--json`: the files that hold a pointer before or after.
    func document() throws -> JSONValue {
        var files: [String: JSONValue] = [:]
        for change in distinct() {
            guard let id = change.from ?? change.to, try repository.pointer(inBlob: id) != nil else { continue }
            var members: [JSONValue.Member] = [.init("status", .string(change.status))]
            if let source = change.source { members.append(.init("from", .string(source.percentEncoded))) }
            files[change.path.percentEncoded] = .object(members)
        }
        return ["files": .map(files)]
    }
}
