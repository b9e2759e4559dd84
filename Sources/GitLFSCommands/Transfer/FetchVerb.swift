import Git
import LFS
import SystemCalls

/// `git lfs fetch`: brings the objects of refs into the store; `git lfs pull` begins with it.
struct FetchVerb: Sendable {
    /// The remote's name or URL; nil for the one that the configuration says.
    var remote: String?
    /// The refs; none means the commit checked out.
    var refs: [String] = []
    /// Patterns instead of `lfs.fetchinclude`, comma-separated; empty clears it.
    var include: String?
    /// Patterns instead of `lfs.fetchexclude`, comma-separated; empty clears it.
    var exclude: String?
    /// Everything that the refs reach, or all refs.
    var all = false
    /// Recent branches and commits too.
    var recent = false
    /// Prunes afterwards.
    var prune = false
    /// Only says what would be fetched.
    var dryRun = false
    /// Fetches what is here already, too.
    var refetch = false
    /// The folder of images, for `prune`.
    var cache = CacheFolder.standard
    /// Whether the network must be left alone.
    var isOffline = false

    /// Fetches nothing yet.
    init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        if let remote, let complaint = try repository.complaint(aboutRemote: remote) {
            console.complain(complaint)
            return 2
        }
        if all && recent {
            console.complain("Cannot combine --all with --recent")
            return 2
        }
        if all && (include != nil || exclude != nil) {
            console.complain("Cannot combine --all with --include or --exclude")
            return 2
        }
        let client = try LFSClient(repository, remote: remote, isOffline: isOffline)
        console.warn(about: client.configuration)
        guard let objects = try await objects(repository, client, console) else { return 2 }
        let summary = try await fetch(objects, client, console)
        console.document?(
            summary.document("from", client.finder.endpoint(for: .download, remote: client.remote), client.store))
        if !summary.isComplete { return fail(summary, client, console, "error: failed") }
        if !dryRun && (prune || client.configuration.bool("lfs.fetchprune") ?? false) {
            var verb = PruneVerb()
            verb.cache = cache
            return try await verb.run(repository, console.withoutDocument)
        }
        return 0
    }

    /// What is to be fetched; nil where a ref is none (the complaint has been written).
    nonisolated(nonsending) func objects(
        _ repository: Repository, _ client: LFSClient, _ console: VerbConsole
    ) async throws -> [TransferObject]? {
        let scan = PointerScan(repository)
        let filter = filter(client.configuration)
        if all {
            let starts = refs.isEmpty ? ["--all"] : refs
            let found = try await scan.reachable(starts)
            let count = Set(found.map(\.pointer)).count
            console.print("fetch: \(count) \(count == 1 ? "object" : "objects") found, done.")
            if refs.isEmpty { console.print("fetch: Fetching all references...") }
            return found.map(\.object)
        }
        var found: [ScannedPointer] = []
        var names: [String] = []
        for ref in refs.isEmpty ? ["HEAD"] : refs {
            guard let name = try repository.fullName(of: ref) else {
                if refs.isEmpty { return [] }
                console.complain("Invalid ref argument: [\(ref)]")
                return nil
            }
            names.append(name)
            console.print("fetch: Fetching reference \(name)")
            found += try await scan.tree(name)
        }
        if recent || client.configuration.bool("lfs.fetchrecentalways") ?? false {
            found += try await recentObjects(repository, client, scan, names, console)
        }
        return try found.filter { try filter.allows($0.path) }.map(\.object)
    }

    func filter(_ configuration: LFSConfiguration) -> PathFilter {
        PathFilter(
            include: PathFilter.patterns(include ?? configuration.string("lfs.fetchinclude")),
            exclude: PathFilter.patterns(exclude ?? configuration.string("lfs.fetchexclude")))
    }

    nonisolated(nonsending) private func recentObjects(
        _ repository: Repository, _ client: LFSClient, _ scan: PointerScan, _ done: [String], _ console: VerbConsole
    ) async throws -> [ScannedPointer] {
        let recency = Recency(client.configuration)
        var found: [ScannedPointer] = []
        var names = done
        if recency.refDays > 0 {
            console.print("fetch: Fetching recent branches within \(recency.refDays) days")
            let known = try Set(done.compactMap { try repository.commit($0) })
            let remote = client.remote ?? client.finder.defaultRemote(for: .download)
            for reference in try recency.references(repository, remote: remote, extraDays: 0)
            where !known.contains(reference.target) {
                console.print("fetch: Fetching reference \(reference.name)")
                names.append(reference.name)
                found += try await scan.tree(reference.name)
            }
        }
        if recency.commitDays > 0 {
            for name in names {
                console.print("fetch: Fetching changes within \(recency.commitDays) days of \(name)")
                found += try await recency.changes(repository, scan, in: name, extraDays: 0)
            }
        }
        return found
    }

    /// Fetches what is not here, and tells what became of it.
    func fetch(
        _ objects: [TransferObject], _ client: LFSClient, _ console: VerbConsole
    ) async throws -> TransferSummary {
        var summary = TransferSummary()
        if dryRun {
            let wanted = try LFSClient.distinct(objects).filter { try refetch || client.store.find($0.pointer) == nil }
            for object in wanted {
                console.print("fetch \(object.oid.hexadecimal) => \(object.path?.description ?? "")")
            }
            summary.add(wanted.map { TransferOutcome(object: $0, result: .planned) })
        } else {
            summary.add(
                try await client.outcomes(ofFetching: objects, refetch: refetch, progress: console.progress))
        }
        return summary
    }

    /// Says what could not be fetched; the exit status.
    func fail(_ summary: TransferSummary, _ client: LFSClient, _ console: VerbConsole, _ word: String) -> Int32 {
        console.report(summary.outcomes.compactMap(\.error), limit: 10)
        let endpoint = client.finder.endpoint(for: .download, remote: client.remote)
        let url = endpoint.map { ShownURL.masked($0.url) } ?? ""
        console.complain("\(word) to fetch some objects from '\(url)'")
        return 2
    }
}
