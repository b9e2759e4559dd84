import Configuration
import Git
import Hashing
import LFS
import SystemCalls
import SystemPackage

/// Finds the versions of images on this machine, and what is known of them.
struct VersionSurvey {
    private let repository: Repository
    private let folder: RelativePath
    private let scan: PointerScan
    private let configuration: LFSConfiguration
    private let store: ObjectStore

    /// Looks at the history of the cache folder of a repository.
    init(_ repository: Repository, folder: RelativePath) throws {
        self.repository = repository
        self.folder = folder
        scan = PointerScan(repository)
        configuration = try LFSConfiguration.load(repository)
        store = try ObjectStore(repository)
    }

    /// Whether other repositories may have their objects in the same store, so that nothing is to be removed there.
    var isShared: Bool { store.mayBeShared(by: repository) }

    /// Refuses to go on where it cannot be told what has to stay.
    func check() throws {
        if try !store.allObjects().isEmpty { try scan.requireProgram() }
    }

    /// All versions: the objects of the store that the history of the folder or the index of a worktree names.
    ///
    /// - Parameters:
    ///   - limits: Which of Git's names keep them.
    ///   - asksServers: Whether servers will be asked; where not, and none is known to have a version, none can go, and what
    ///     needs them is not looked for.
    nonisolated(nonsending) func versions(
        _ limits: StorageLimits, asksServers: Bool = true
    ) async throws -> [ImageVersion] {
        let local = Set(try store.allObjects())
        if local.isEmpty { return [] }
        var named: [(pointer: Pointer, path: RelativePath)] = []
        var seen: Set<Pointer> = []
        for item in try await staged() + reached(from: ["--all"])
        where local.contains(item.pointer) && seen.insert(item.pointer).inserted {
            named.append((item.pointer, item.path))
        }
        if named.isEmpty { return [] }
        var rules = ObjectNeeds.Rules()
        rules.keepsUnpushedTrees = true
        rules.keepsTags = limits.keepsTags
        rules.lastCommits = limits.keptCommits
        let servers = try await servers()
        let mayGo = asksServers || named.contains { servers[$0.pointer.oid]?.isHolding ?? false }
        let needs =
            mayGo ? try await ObjectNeeds(repository, configuration, scan, cache: folder).retained(rules) : [:]
        return named.enumerated().map { order, item in
            ImageVersion(
                path: item.path, pointer: item.pointer, lastUse: lastUse(of: item.pointer), order: order,
                need: needs[item.pointer.oid], server: servers[item.pointer.oid] ?? .notPushed)
        }
    }

    /// Whether an object is on this machine.
    func holds(_ pointer: Pointer) -> Bool { store.holds(pointer) }

    /// When an object came to this machine, or was given out last.
    private func lastUse(of pointer: Pointer) -> Int64 {
        let status = (try? FileStatus.of(store.path(of: pointer.oid), followLinks: true)) ?? nil
        return status?.modified.seconds ?? 0
    }

    /// The pointers in the folder that some revisions reach, newest first.
    nonisolated(nonsending) private func reached(from revisions: [String]) async throws -> [ScannedPointer] {
        var words = ["--full-history"] + revisions
        // A name that is no text is looked for in all that is reached.
        words += PointerScan.pathspec(of: folder)
        return try await scan.reachable(words).filter { isArchive($0.path) }
    }

    /// Whether a path is that of an archive of an entry: other LFS files may lie in the folder, too.
    private func isArchive(_ path: RelativePath) -> Bool {
        path.parent == folder && path.bytes.suffix(4).elementsEqual(".tar".utf8)
    }

    /// The pointers in the folder that the indexes of all worktrees hold.
    private func staged() throws -> [ScannedPointer] {
        var found: [ScannedPointer] = []
        for worktree in try repository.worktrees() {
            guard let path = worktree.path else { continue }
            let isOwn = worktree.gitDirectory == repository.gitDirectory
            guard let other = isOwn ? repository : try Repository.at(path, environment: repository.environment)
            else { continue }
            found += try scan.index(other.index(), below: folder).filter { isArchive($0.path) }
        }
        return found
    }

    // MARK: Servers

    /// What is known without a question of who could give the objects of the folder's history back; those that nobody
    /// could are left out.
    nonisolated(nonsending) func servers() async throws -> [SHA256Digest: ImageVersion.Server] {
        var found: [SHA256Digest: ImageVersion.Server] = [:]
        for remote in try repository.configuration().remotes.map(\.name) {
            if try repository.references("refs/remotes/\(remote)/").isEmpty { continue }
            let known = try knownObjects(of: remote)
            for item in try await reached(from: ["--remotes=\(remote)"]) {
                let oid = item.pointer.oid
                if case .holding = found[oid] { continue }
                if known.contains(oid) {
                    found[oid] = .holding(remote)
                } else if case .unproven(let others) = found[oid] {
                    found[oid] = .unproven(others.filter { $0 != remote } + [remote])
                } else {
                    found[oid] = .unproven([remote])
                }
            }
        }
        return found
    }

    /// The objects that the server from which a remote's are fetched is known to have.
    private func knownObjects(of remote: String) throws -> Set<SHA256Digest> {
        let client = try LFSClient(repository, remote: remote)
        guard let endpoint = client.finder.endpoint(for: .download, remote: remote), !client.isOwn(endpoint) else {
            return []
        }
        return client.notes.objects(of: endpoint)
    }

    /// Asks the servers of the remotes that may have versions.
    ///
    /// - Parameters:
    ///   - versions: The versions.
    ///   - failed: Hears of a server that cannot be asked; what only that may have stays unproven.
    /// - Returns: The same versions, each with what is known now.
    nonisolated(nonsending) func asked(
        _ versions: [ImageVersion], failed: (LFSError) -> Void
    ) async throws -> [ImageVersion] {
        var answers = versions
        var silent: Set<String> = []
        for remote in Self.remotes(versions) {
            let open = answers.indices.filter { Self.remotes([answers[$0]]).contains(remote) }
            do {
                let missing = try await missing(open.map { answers[$0] }, at: remote)
                for index in open where !missing.contains(answers[index].pointer) {
                    answers[index].server = .holding(remote)
                }
            } catch let error as LFSError {
                failed(error)
                silent.insert(remote)
            }
        }
        for index in answers.indices {
            guard case .unproven(let names) = answers[index].server, silent.isDisjoint(with: names) else { continue }
            answers[index].server = .lacking
        }
        return answers
    }

    /// The remotes that may have versions, each once.
    private static func remotes(_ versions: [ImageVersion]) -> [String] {
        var found: [String] = []
        for case .unproven(let names) in versions.map(\.server) { found += names.filter { !found.contains($0) } }
        return found
    }

    /// What the server of a remote does not have; it is asked as often as its batches have to be.
    nonisolated(nonsending) private func missing(_ versions: [ImageVersion], at remote: String) async throws -> Set<
        Pointer
    > {
        let client = try LFSClient(repository, remote: remote)
        var missing: Set<Pointer> = []
        var rest = versions.map { TransferObject($0.pointer, path: $0.path) }[...]
        while !rest.isEmpty {
            missing.formUnion(try await client.missing(Array(rest.prefix(100)), remote: remote).map(\.pointer))
            rest = rest.dropFirst(100)
        }
        return missing
    }

    // MARK: Removing

    /// Removes the object of a version.
    func remove(_ version: ImageVersion) throws(SystemError) {
        try Files.remove(store.path(of: version.pointer.oid))
    }

    /// What the store holds, and the oldest time of use: enough to see that no limit can be exceeded.
    var extent: (count: Int, size: Size, oldest: Int64) {
        get throws {
            let local = try store.allObjects()
            return (local.count, local.total(\.size), local.map(lastUse).min() ?? .max)
        }
    }
}
