import Git
import Hashing
import SystemCalls
import SystemPackage

/// `git lfs prune`: deletes local copies of objects that nothing near needs and that the server has.
public struct PruneVerb: Sendable {
    /// Only says what would be deleted.
    public var dryRun = false
    /// Deletes what the checkout needs, too.
    public var force = false
    /// Deletes what is kept because it is recent, too.
    public var recent = false
    /// Whether the server is asked first; nil asks unless `lfs.pruneverifyremotealways` is set to false.
    public var verifyRemote: Bool?
    /// Names every object.
    public var verbose = false
    /// The folder of images: what its records on any local branch name is kept.
    public var cache: RelativePath = "docker-cache"

    /// Deletes nothing yet.
    public init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) public func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        let client = try LFSClient(repository)
        if !force, let storage = client.configuration.git.path("lfs.storage"),
            !repository.commonDirectory.pushing(storage).lexicallyNormalized().starts(with: repository.commonDirectory)
        {
            console.complain(
                "prune: other repositories may share \(client.store.root.string) (lfs.storage); nothing is deleted")
            return 0
        }
        let local = try client.store.allObjects()
        let scan = PointerScan(repository)
        let needs = PruneNeeds(repository, client.configuration, scan, cache: cache)
        let retained = try await needs.retained(isForced: force, ignoresRecent: force || recent)
        let prunable = local.filter { !retained.contains($0.oid) }
        var line = "prune: \(local.count) local \(local.count == 1 ? "object" : "objects"), \(retained.count) retained"
        if verifyRemote ?? client.configuration.bool("lfs.pruneverifyremotealways") ?? true, !prunable.isEmpty {
            let reachable = try await needs.reachable()
            let asked = prunable.filter { reachable.contains($0.oid) }.map { TransferObject($0) }
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
            if !missing.isEmpty {
                console.print(line + ", \(missing.count) not on remote, done.")
                console.complain("These objects to be pruned are missing on remote:")
                for object in missing { console.complain(" * \(object.oid.hexadecimal)") }
                return 2
            }
        }
        console.print(line + ", done.")
        return try delete(prunable, client.store, console)
    }

    private func delete(_ objects: [Pointer], _ store: ObjectStore, _ console: VerbConsole) throws -> Int32 {
        if objects.isEmpty { return 0 }
        if verbose {
            console.print("")
            for object in objects { console.print(" * \(object.oid.hexadecimal) (\(ByteCount.text(object.size)))") }
        }
        if dryRun {
            let size = ByteCount.text(objects.reduce(0) { $0 + $1.size })
            let files = objects.count == 1 ? "1 file" : "\(objects.count) files"
            console.print("prune: \(files) would be pruned (\(size)), done.")
            return 0
        }
        for object in objects { try Files.remove(store.path(of: object.oid)) }
        console.print("prune: Deleting objects: 100% (\(objects.count)/\(objects.count)), done.")
        return 0
    }
}

/// Numbers of bytes as git-lfs writes them.
enum ByteCount {
    /// `6 B`, `1.5 KB`: powers of 1000, two digits.
    static func text(_ bytes: Int64) -> String {
        if bytes < 10 { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 1000 && unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let rounded = (value * 10 + 0.5).rounded(.down) / 10
        return rounded < 10 && unit > 0 ? "\(rounded) \(units[unit])" : "\(Int(rounded)) \(units[unit])"
    }
}

extension ObjectStore {
    /// Every object of the store itself, with the size of its file.
    func allObjects() throws -> [Pointer] {
        guard Files.exists(objects) else { return [] }
        var found: [Pointer] = []
        for first in try Files.names(in: objects) {
            guard let second = try? Files.names(in: objects.appending(first)) else { continue }
            for folder in second {
                guard let names = try? Files.names(in: objects.appending(first).appending(folder)) else { continue }
                for name in names {
                    guard let oid = SHA256Digest(hexadecimal: name.string), let size = Self.size(path(of: oid)) else {
                        continue
                    }
                    found.append(Pointer(oid: oid, size: size))
                }
            }
        }
        return found
    }
}
