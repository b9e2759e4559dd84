import Git
import Hashing
import LFS
import SystemCalls
import SystemPackage

/// `git lfs prune`: deletes local copies of objects that nothing near needs and that the server has.
struct PruneVerb: Sendable {
    /// Only says what would be deleted.
    var dryRun = false
    /// Deletes what the checkout needs, too.
    var force = false
    /// Deletes what is kept because it is recent, too.
    var recent = false
    /// Whether the server is asked first; nil asks unless `lfs.pruneverifyremotealways` is set to false.
    var verifyRemote: Bool?
    /// Names every object.
    var verbose = false
    /// Asks about objects that no commit reaches, too.
    var verifiesUnreachable = false
    /// Deletes what the server has, and keeps what it lacks, instead of deleting nothing; nil does so where nobody has
    /// said that the server is to be asked.
    var continuesUnverified: Bool?
    /// The folder of images: what its records on any local branch name is kept.
    var cache = CacheFolder.standard

    /// Deletes nothing yet.
    init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        let client = try LFSClient(repository)
        if !force, client.store.mayBeShared(by: repository) {
            console.complain(
                "prune: other repositories may share \(client.store.root.string) (lfs.storage); nothing is deleted")
            return 0
        }
        let local = try client.store.allObjects()
        let scan = PointerScan(repository)
        let needs = ObjectNeeds(repository, client.configuration, scan, cache: cache)
        let retained = try await needs.retained(rules(client.configuration))
        var prunable = local.filter { retained[$0.oid] == nil }
        var report = PruneReport(local: local.count, retained: retained.count, isDryRun: dryRun)
        var line = "prune: \(local.count) local \(local.count == 1 ? "object" : "objects"), \(retained.count) retained"
        let verifies = verifyRemote ?? client.configuration.bool("lfs.pruneverifyremotealways")
        if verifies ?? true, !prunable.isEmpty {
            let reachable = try await verifiesUnreachable ? [] : needs.reachable()
            let asked = prunable.filter { verifiesUnreachable || reachable.contains($0.oid) }
                .map { TransferObject($0) }
            let missing: [TransferObject]
            do {
                missing = try await client.missing(asked, remote: client.configuration.string("lfs.pruneremotetocheck"))
            } catch let error as LFSError {
                console.report(error)
                console.complain(
                    "prune: the server cannot be asked; nothing is deleted (--no-verify-remote does not ask)")
                return 2
            }
            line += ", \(asked.count - missing.count) verified with remote"
            report.verified = asked.count - missing.count
            report.missing = missing.map(\.pointer)
            if !missing.isEmpty {
                console.print(line + ", \(missing.count) not on remote, done.")
                console.complain("These objects to be pruned are missing on remote:")
                for object in missing { console.complain(" * \(object.oid.hexadecimal)") }
                if !(continuesUnverified ?? (verifies == nil)) {
                    console.document?(report.document)
                    return 2
                }
                prunable.removeAll(where: Set(report.missing).contains)
            } else {
                console.print(line + ", done.")
            }
        } else {
            console.print(line + ", done.")
        }
        report.prunable = prunable
        let status = try delete(prunable, client.store, console)
        console.document?(report.document)
        return status
    }

    /// What is kept, as git-lfs has it.
    private func rules(_ configuration: LFSConfiguration) -> ObjectNeeds.Rules {
        var rules = ObjectNeeds.Rules()
        rules.remote = configuration.string("lfs.pruneremotetocheck") ?? "origin"
        rules.keepsCheckouts = !force
        rules.keepsBranches = !force
        rules.recency = force || recent ? nil : Recency(configuration)
        return rules
    }

    private func delete(_ objects: [Pointer], _ store: ObjectStore, _ console: VerbConsole) throws -> Int32 {
        if objects.isEmpty { return 0 }
        if verbose {
            console.print("")
            for object in objects { console.print(" * \(object.oid.hexadecimal) (\(ByteCount.text(object.size)))") }
        }
        if dryRun {
            let size = ByteCount.text(objects.total(\.size))
            let files = objects.count == 1 ? "1 file" : "\(objects.count) files"
            console.print("prune: \(files) would be pruned (\(size)), done.")
            return 0
        }
        for object in objects { try Files.remove(store.path(of: object.oid)) }
        console.print("prune: Deleting objects: 100% (\(objects.count)/\(objects.count)), done.")
        return 0
    }
}
