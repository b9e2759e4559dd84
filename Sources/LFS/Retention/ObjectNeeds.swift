import Git
import Hashing
import SystemCalls
import SystemPackage

/// What keeps LFS objects on this machine: the rules of `lfs prune` and of `clean`.
///
/// Not to be used from two threads at once.
package struct ObjectNeeds {
    /// Which of the rules hold; those about what is nowhere else always do.
    package struct Rules: Sendable {
        /// The remote whose branches say what is pushed; nil for those of all remotes.
        package var remote: String?
        /// Keeps all that the trees of unpushed commits name, not only what these commits brought.
        package var keepsUnpushedTrees = false
        /// Keeps what is checked out.
        package var keepsCheckouts = true
        /// Keeps the images of every local branch.
        package var keepsBranches = true
        /// Keeps the images of every tag.
        package var keepsTags = false
        /// Keeps the images of so many last commits of every local branch.
        package var lastCommits = 0
        /// Keeps what git-lfs calls recent; nil does not.
        package var recency: Recency?

        /// The rules that hold where nothing else is said.
        package init() {}
    }

    private let repository: Repository
    private let configuration: LFSConfiguration
    private let scan: PointerScan
    private let cache: RelativePath

    /// Looks at a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - configuration: What says which objects are fetched, and what is recent.
    ///   - scan: Reads the repository.
    ///   - cache: The folder of images, which `lfs.fetchexclude` does not concern.
    package init(
        _ repository: Repository, _ configuration: LFSConfiguration, _ scan: PointerScan, cache: RelativePath
    ) {
        self.repository = repository
        self.configuration = configuration
        self.scan = scan
        self.cache = cache
    }

    /// The objects that must stay, each with the first thing that needs it.
    nonisolated(nonsending) package func retained(_ rules: Rules) async throws -> [SHA256Digest: ObjectNeed] {
        var kept: [SHA256Digest: ObjectNeed] = [:]
        func keep(_ found: [ScannedPointer], _ need: ObjectNeed) {
            for item in found where kept[item.pointer.oid] == nil { kept[item.pointer.oid] = need }
        }
        keep(try await unpushed(rules), .unpushed)
        keep(try await stashed(), .stash)
        let filter = PathFilter(exclude: PathFilter.patterns(configuration.string("lfs.fetchexclude")))
        func keepWanted(_ found: [ScannedPointer], _ need: ObjectNeed) throws {
            keep(try found.filter { try $0.path.isInside(cache) || filter.allows($0.path) }, need)
        }
        for worktree in try repository.worktrees() {
            guard let own = try open(worktree) else { continue }
            keep(try unstaged(in: own), .worktree)
            var committed: [ScannedPointer] = []
            if let head = try own.head() { committed = try await scan.tree(head.hexadecimal) }
            if rules.keepsCheckouts { try keepWanted(committed, .worktree) }
            // What is staged may be nowhere else.
            let known = Set(committed)
            keep(try scan.index(own.index()).filter { !known.contains($0) }, .staged)
        }
        if let recency = rules.recency {
            for found in try await recent(recency) { try keepWanted(found, .recent) }
        }
        let branches = try repository.references("refs/heads/")
        var seen: Set<ObjectID> = []
        if rules.keepsBranches {
            for branch in branches { try await keepRecorded(branch, .branch(branch.shorthand), &seen, &kept) }
        }
        if rules.keepsTags {
            for tag in try repository.references("refs/tags/") {
                try await keepRecorded(tag, .tag(tag.shorthand), &seen, &kept)
            }
        }
        if rules.lastCommits > 1 {
            for branch in branches {
                let found = try await scan.changed(
                    by: ["--max-count=\(rules.lastCommits - 1)", branch.name], eachParent: true)
                keep(found.filter { $0.path.isInside(cache) }, .commit(of: branch.shorthand))
            }
        }
        return kept
    }

    /// All objects that any reference reaches.
    nonisolated(nonsending) package func reachable() async throws -> Set<SHA256Digest> {
        Set(try await scan.reachable(["--all"]).map(\.pointer.oid))
    }

    /// The pointers in the cache folder of a worktree: an entry that could not be staged may have its object nowhere else.
    private func unstaged(in own: Repository) throws -> [ScannedPointer] {
        guard let folder = own.workTree?.appending(cache), Files.exists(folder) else { return [] }
        return try Files.names(in: folder).compactMap { name in
            let path = folder.appending(name)
            guard name.string.hasSuffix(".tar"),
                let bytes = (try? Files.readPlain(path, limit: Pointer.maximumLength)) ?? nil,
                let pointer = Pointer(parsing: bytes), !pointer.isEmpty
            else { return nil }
            return ScannedPointer(
                pointer: pointer, path: cache.appending(RelativePath(name.string)), blob: ObjectID(ofBlob: bytes),
                isCanonical: pointer.encoded == bytes)
        }
    }

    private func open(_ worktree: Worktree) throws -> Repository? {
        guard let path = worktree.path else { return nil }
        if worktree.gitDirectory == repository.gitDirectory { return repository }
        return try Repository.at(path, environment: repository.environment)
    }

    /// What commits brought that are not pushed, whatever leads to them.
    nonisolated(nonsending) private func unpushed(_ rules: Rules) async throws -> [ScannedPointer] {
        let pushed = ["--not", rules.remote.map { "--remotes=\($0)" } ?? "--remotes"]
        let starts = ["--branches", "--tags"] + (try detached().map(\.hexadecimal))
        var found = try await scan.reachable(starts + pushed)
        guard rules.keepsUnpushedTrees else { return found }
        // What a commit holds was changed by a later one that is not pushed either, or the last of them holds it.
        found += try await scan.changed(
            by: ["--full-history"] + starts + pushed + PointerScan.pathspec(of: cache), eachParent: true)
        let commits = Set(
            String(decoding: try await scan.run(["rev-list"] + starts + pushed), as: UTF8.self).split(separator: "\n")
                .compactMap { ObjectID(hexadecimal: $0) })
        for tip in try repository.references("refs/tags/").map(\.target) + detached() where commits.contains(tip) {
            found += try await scan.tree(tip.hexadecimal)
        }
        return found
    }

    /// What git-lfs calls recent: branches of the last days, and what changed on them shortly before.
    nonisolated(nonsending) private func recent(_ recency: Recency) async throws -> [[ScannedPointer]] {
        var found: [[ScannedPointer]] = []
        var starts = try repository.head() == nil ? [] : ["HEAD"]
        if recency.refDays > 0 {
            let references = try recency.references(repository, remote: nil, extraDays: recency.pruneOffset)
            for reference in references { found.append(try await scan.tree(reference.name)) }
            starts += references.map(\.name)
        }
        if recency.commitDays > 0 {
            for start in starts {
                found.append(
                    try await recency.changes(repository, scan, in: start, extraDays: recency.pruneOffset))
            }
        }
        return found
    }

    /// Keeps the pointers in the tree of a branch or tag, and the archives that image records there name.
    ///
    /// - Parameter seen: The commits and blobs that were looked at.
    nonisolated(nonsending) private func keepRecorded(
        _ reference: Reference, _ need: ObjectNeed, _ seen: inout Set<ObjectID>,
        _ kept: inout [SHA256Digest: ObjectNeed]
    ) async throws {
        // A tag may name anything.
        guard try repository.commit(reference.target) != nil, seen.insert(reference.target).inserted else { return }
        for file in try await scan.files(reference.target.hexadecimal, below: cache) where file.path.isInside(cache) {
            guard seen.insert(file.blob).inserted else { continue }
            var oid = try scan.pointer(file.blob)?.oid
            if oid == nil, file.path.bytes.suffix(12).elementsEqual(".inputs.json".utf8),
                let bytes = try repository.blob(file.blob, limit: 256 << 20)
            {
                oid = Self.archive(in: bytes)
            }
            if let oid, kept[oid] == nil { kept[oid] = need }
        }
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

extension ObjectNeeds {
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
}
