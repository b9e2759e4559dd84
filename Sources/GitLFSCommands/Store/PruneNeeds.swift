import Git
import Hashing
import LFS
import SystemCalls
import SystemPackage

/// What pruning must leave alone.
struct PruneNeeds {
    private let repository: Repository
    private let configuration: LFSConfiguration
    private let scan: PointerScan
    private let cache: RelativePath
    private let remote: String

    init(_ repository: Repository, _ configuration: LFSConfiguration, _ scan: PointerScan, cache: RelativePath) {
        self.repository = repository
        self.configuration = configuration
        self.scan = scan
        self.cache = cache
        remote = configuration.string("lfs.pruneremotetocheck") ?? "origin"
    }

    /// The objects to keep: unpushed, stashed and staged ones always; those of checkouts, recent branches and image records
    /// unless forced.
    nonisolated(nonsending) func retained(isForced: Bool, ignoresRecent: Bool) async throws -> Set<SHA256Digest> {
        var kept: Set<SHA256Digest> = []
        func keep(_ found: [ScannedPointer]) { kept.formUnion(found.map(\.pointer.oid)) }
        keep(
            try await scan.reachable(
                ["--branches", "--tags"] + detached().map(\.hexadecimal) + ["--not", "--remotes=\(remote)"]))
        keep(try await stashed())
        let filter = PathFilter(exclude: PathFilter.patterns(configuration.string("lfs.fetchexclude")))
        func keepWanted(_ found: [ScannedPointer]) throws {
            keep(try found.filter { try $0.path.isInside(cache) || filter.allows($0.path) })
        }
        for worktree in try repository.worktrees() {
            guard let own = try open(worktree) else { continue }
            var committed: [ScannedPointer] = []
            if let head = try own.head() { committed = try await scan.tree(head.hexadecimal) }
            if !isForced { try keepWanted(committed) }
            // What is staged may be nowhere else.
            let known = Set(committed)
            keep(try scan.index(own.index()).filter { !known.contains($0) })
        }
        if isForced { return kept }
        if !ignoresRecent {
            let recency = Recency(configuration)
            var starts = try repository.head() == nil ? [] : ["HEAD"]
            if recency.refDays > 0 {
                let found = try recency.references(repository, remote: nil, extraDays: recency.pruneOffset)
                for reference in found { try keepWanted(try await scan.tree(reference.name)) }
                starts += found.map(\.name)
            }
            if recency.commitDays > 0 {
                for start in starts {
                    try keepWanted(
                        try await recency.changes(repository, scan, in: start, extraDays: recency.pruneOffset))
                }
            }
        }
        kept.formUnion(try await recorded())
        return kept
    }

    /// All objects that any reference reaches.
    nonisolated(nonsending) func reachable() async throws -> Set<SHA256Digest> {
        Set(try await scan.reachable(["--all"]).map(\.pointer.oid))
    }

    private func open(_ worktree: Worktree) throws -> Repository? {
        guard let path = worktree.path else { return nil }
        if worktree.gitDirectory == repository.gitDirectory { return repository }
        return try Repository.at(path, environment: repository.environment)
    }

    /// What all stashes brought: their changes, those of their index, and their untracked files.
    nonisolated(nonsending) private func stashed() async throws -> [ScannedPointer] {
        var stashes: [String] = []
        if let newest = try repository.resolve("refs/stash") {
            let older = try await scan.run(["rev-list", "-g", "refs/stash"])
            // Without a log, the newest is the only one.
            stashes = String(decoding: older, as: UTF8.self).split(separator: "\n").map(String.init)
            stashes.append(newest.hexadecimal)
        }
        // Those that a merge or a rebase has put aside are in no list.
        let aside = ["MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash"]
        stashes += try worktreeFiles(aside).map(\.hexadecimal)
        if stashes.isEmpty { return [] }
        let output = try await scan.run(["rev-list", "--no-walk", "--parents"] + Set(stashes).sorted())
        let commits = String(decoding: output, as: UTF8.self).split(separator: "\n").flatMap { line in
            let words = line.split(separator: " ").compactMap { ObjectID(hexadecimal: $0) }
            // The first parent is the commit that the stash was made on, the second the index; what follows has no parent.
            let base = words.dropFirst().prefix(1)
            return [words.prefix(1) + base] + (words.count > 2 ? [words[2...2] + base] : [])
                + words.dropFirst(3).map { [$0] }
        }
        return try await scan.added(by: commits.map(Array.init))
    }

    /// The commits that no branch leads to, but a worktree: a detached HEAD, and the sides of what is under way there.
    private func detached() throws -> [ObjectID] {
        try worktreeFiles([
            "HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge/orig-head", "rebase-apply/orig-head",
        ])
    }

    /// The commits that files in the Git folders of all worktrees name, as far as they are here.
    private func worktreeFiles(_ names: [String]) throws -> [ObjectID] {
        var found: [ObjectID] = []
        for worktree in try repository.worktrees() {
            for name in names {
                let bytes = try? Files.readPlain(worktree.gitDirectory.pushing(FilePath(name)), limit: 64 << 10)
                for word in String(decoding: (bytes ?? nil) ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace)
                {
                    if let id = ObjectID(hexadecimal: word), try repository.commit(id.hexadecimal) != nil {
                        found.append(id)
                    }
                }
            }
        }
        return found
    }

    /// The archives that image records on any local branch name, and the pointers beside them.
    nonisolated(nonsending) private func recorded() async throws -> Set<SHA256Digest> {
        var found: Set<SHA256Digest> = []
        for branch in try repository.references("refs/heads/") {
            for file in try await scan.files(branch.name) where file.path.isInside(cache) {
                if let pointer = try scan.pointer(file.blob) {
                    found.insert(pointer.oid)
                } else if file.path.bytes.suffix(12).elementsEqual(".inputs.json".utf8),
                    let bytes = try repository.blob(file.blob, limit: 256 << 20),
                    let oid = Self.archive(in: bytes)
                {
                    found.insert(oid)
                }
            }
        }
        return found
    }

    /// The `archive.sha256` of a record, which stands near its start; the long list of files is not parsed.
    static func archive(in record: [UInt8]) -> SHA256Digest? {
        let head = String(decoding: record.prefix(1 << 20), as: UTF8.self)
        guard let name = head.firstRange(of: "\"archive\""),
            let key = head[name.upperBound...].prefix(200).firstRange(of: "\"sha256\"")
        else { return nil }
        let quoted = head[key.upperBound...].drop { $0 != "\"" }.dropFirst()
        return SHA256Digest(hexadecimal: quoted.prefix { $0 != "\"" })
    }
}
