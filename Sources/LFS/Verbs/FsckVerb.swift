import Git
import Hashing
import SystemCalls
import SystemPackage

/// `git lfs fsck`: checks objects against their names, and pointers against their one encoding.
public struct FsckVerb: Sendable {
    /// A commit, or a range `A..B`; nil for HEAD and the index.
    public var revision: String?
    /// Checks objects; both checks are done where neither is asked for.
    public var objects = false
    /// Checks pointers.
    public var pointers = false
    /// Moves nothing.
    public var dryRun = false
    /// Asks the server whether it has the objects.
    public var remote = false
    /// The folder of images, which `lfs.fetchexclude` does not keep from being checked.
    public var cache: RelativePath = "docker-cache"

    /// Checks nothing yet.
    public init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) public func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
        let scan = PointerScan(repository)
        let client = try LFSClient(repository)
        let range = revision.flatMap { text in text.contains("..") ? text : nil }
        if let revision, range == nil, try repository.commit(revision) == nil {
            console.complain("Git can't resolve ref: \"\(revision)\"")
            return 2
        }
        let excluded = PathFilter(exclude: PathFilter.patterns(client.configuration.string("lfs.fetchexclude")))
        let both = objects == pointers
        var found: [ScannedPointer] = []
        if let range {
            found = try await scan.reachable([range])
        } else if try revision != nil || repository.head() != nil {
            found = try await scan.tree(revision ?? "HEAD")
        }
        let committed = found
        if revision == nil, objects || both, repository.workTree != nil { found += try scan.index(repository.index()) }
        let wanted = try found.filter { try $0.path.isInside(cache) || excluded.allows($0.path) }
        var isFine = true
        if objects || both { isFine = try await checkObjects(wanted, client, console) && isFine }
        if pointers || both {
            let isCanonical = checkEncoding(committed, console)
            let isTracked = try await checkTracked(repository, scan, range, console)
            isFine = isCanonical && isTracked && isFine
        }
        if isFine { console.print("Git LFS fsck OK") }
        return isFine ? 0 : 1
    }

    private func checkObjects(
        _ found: [ScannedPointer], _ client: LFSClient, _ console: VerbConsole
    ) async throws -> Bool {
        var seen: Set<SHA256Digest> = []
        var corrupt: [FilePath] = []
        var isFine = true
        let distinct = found.filter { seen.insert($0.pointer.oid).inserted }
        for item in distinct {
            let name = "\(item.path) (\(item.pointer.oid.hexadecimal))"
            guard let file = try client.store.findAnySize(item.pointer) else {
                console.print("objects: openError: \(name) could not be checked: no such file or directory")
                isFine = false
                continue
            }
            if try await onOwnThread({ try Pointer.of(file) }).oid != item.pointer.oid {
                console.print("objects: corruptObject: \(name) is corrupt")
                corrupt.append(file)
                isFine = false
            }
        }
        if remote {
            for object in try await client.missing(distinct.map(\.object)) {
                console.print(
                    "objects: missingOnServer: \(object.path?.description ?? "") (\(object.oid.hexadecimal)) is not on the server"
                )
                isFine = false
            }
        }
        if !isFine && !dryRun {
            console.print("objects: repair: moving corrupt objects to \(client.store.bad.string)")
            if !corrupt.isEmpty { try Files.createDirectories(client.store.bad) }
            for file in corrupt where file.starts(with: client.store.objects) {
                if let name = file.lastComponent { try Files.rename(file, to: client.store.bad.appending(name)) }
            }
        }
        return isFine
    }

    private func checkEncoding(_ found: [ScannedPointer], _ console: VerbConsole) -> Bool {
        let wrong = found.filter { !$0.isCanonical }
        for item in wrong {
            console.print(
                "pointer: nonCanonicalPointer: Pointer for \(item.pointer.oid.hexadecimal) (blob \(item.blob)) was not canonical"
            )
        }
        return wrong.isEmpty
    }

    /// Looks for files that attributes put under LFS and whose blob is no pointer.
    nonisolated(nonsending) private func checkTracked(
        _ repository: Repository, _ scan: PointerScan, _ range: String?, _ console: VerbConsole
    ) async throws -> Bool {
        let tip =
            range.map { String($0[($0.firstRange(of: "..")?.upperBound ?? $0.startIndex)...]) } ?? revision ?? "HEAD"
        guard let commit = try repository.commit(tip.isEmpty ? "HEAD" : tip) else { return true }
        let attributes = try repository.attributes(["filter"])
        var isFine = true
        for file in try await scan.files(commit.hexadecimal)
        where try attributes.value(of: "filter", for: file.path) == .value("lfs") {
            let size = try repository.blobSize(file.blob)
            if try size == 0 || size == nil || scan.pointer(file.blob) != nil { continue }
            console.print(
                "pointer: unexpectedGitObject: \"\(file.path)\" (treeish \(commit)) should have been a pointer but was not"
            )
            isFine = false
        }
        if !isFine { console.complain("hint: git add --renormalize PATH and a commit make pointers of such files") }
        return isFine
    }
}

extension ObjectStore {
    /// The file that stands under an object's name, whatever its size; nil where there is none, nor one to borrow.
    func findAnySize(_ pointer: Pointer) throws -> FilePath? {
        let own = path(of: pointer.oid)
        if Files.exists(own) { return own }
        return try find(pointer)
    }
}
