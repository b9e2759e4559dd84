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
        keep(try await scan.reachable(["--branches", "--tags", "--not", "--remotes=\(remote)"]))
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
            if recency.refDays > 0 {
                let found = try recency.references(repository, remote: remote, extraDays: recency.pruneOffset)
                for reference in found { try keepWanted(try await scan.tree(reference.name)) }
            }
            if recency.commitDays > 0 {
                let starts =
                    try repository.references("refs/heads/").map(\.name) + (repository.head() == nil ? [] : ["HEAD"])
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

    /// The objects of all stashes: their trees, and those of their index and untracked commits.
    nonisolated(nonsending) private func stashed() async throws -> [ScannedPointer] {
        guard try repository.resolve("refs/stash") != nil else { return [] }
        let output = try await scan.run(["rev-list", "-g", "--parents", "refs/stash"])
        var found: [ScannedPointer] = []
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let commits = line.split(separator: " ")
            // The first parent is the commit that the stash was made on.
            for commit in commits.prefix(1) + commits.dropFirst(2) { found += try await scan.tree(String(commit)) }
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
