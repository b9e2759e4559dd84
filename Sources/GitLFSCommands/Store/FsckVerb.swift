import Git
import Hashing
import LFS
import Programs
import SystemCalls
import SystemPackage

/// `git lfs fsck`: checks objects against their names, and pointers against their one encoding.
struct FsckVerb: Sendable {
    /// A commit, or a range `A..B`; nil for HEAD and the index.
    var revision: String?
    /// Checks objects; both checks are done where neither is asked for.
    var objects = false
    /// Checks pointers.
    var pointers = false
    /// Moves nothing.
    var dryRun = false
    /// Asks the server whether it has the objects.
    var remote = false
    /// The folder of images, which `lfs.fetchexclude` does not keep from being checked.
    var cache = CacheFolder.standard

    /// Checks nothing yet.
    init() {}

    /// Runs the verb; its exit status is the result.
    nonisolated(nonsending) func run(_ repository: Repository, _ console: VerbConsole) async throws -> Int32 {
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
            found = try await scan.tree(revision ?? "HEAD", takesEmpty: true)
        }
        let committed = found
        if revision == nil, objects || both, repository.workTree != nil { found += try scan.index(repository.index()) }
        let wanted = try found.filter {
            try !$0.pointer.isEmpty && ($0.path.isInside(cache) || excluded.allows($0.path))
        }
        let report = FsckReport(console)
        if objects || both { try await checkObjects(wanted, client, report, console) }
        if pointers || both {
            checkEncoding(committed, report)
            if try await !checkTracked(repository, scan, range, report) {
                console.complain("hint: git add --renormalize PATH and a commit make pointers of such files")
            }
        }
        report.finish()
        return report.isFine ? 0 : 1
    }

    nonisolated(nonsending) private func checkObjects(
        _ found: [ScannedPointer], _ client: LFSClient, _ report: FsckReport, _ console: VerbConsole
    ) async throws {
        var seen: Set<SHA256Digest> = []
        var corrupt: [FilePath] = []
        let distinct = found.filter { seen.insert($0.pointer.oid).inserted }
        for item in distinct {
            let name = "\(item.path) (\(item.pointer.oid.hexadecimal))"
            guard let file = try client.store.findAnySize(item.pointer) else {
                report.add(
                    "openError", "objects", path: item.path, oid: item.pointer.oid,
                    "\(name) could not be checked: no such file or directory")
                continue
            }
            if try await onOwnThread({ try Pointer.of(file, isGiven: true) }).oid != item.pointer.oid {
                report.add(
                    "corruptObject", "objects", path: item.path, oid: item.pointer.oid, "\(name) is corrupt")
                corrupt.append(file)
            }
        }
        if remote {
            for object in try await client.missing(distinct.map(\.object)) {
                report.add(
                    "missingOnServer", "objects", path: object.path, oid: object.oid,
                    "\(object.path?.description ?? "") (\(object.oid.hexadecimal)) is not on the server")
            }
        }
        if !report.isFine && !dryRun {
            console.print("objects: repair: moving corrupt objects to \(client.store.bad.string)")
            if !corrupt.isEmpty { try Files.createDirectories(client.store.bad) }
            for file in corrupt where file.starts(with: client.store.objects) {
                if let name = file.lastComponent { try Files.rename(file, to: client.store.bad.appending(name)) }
            }
        }
    }

    private func checkEncoding(_ found: [ScannedPointer], _ report: FsckReport) {
        for item in found where !item.isCanonical {
            report.add(
                "nonCanonicalPointer", "pointer", path: item.path, oid: item.pointer.oid,
                "Pointer for \(item.pointer.oid.hexadecimal) (blob \(item.blob)) was not canonical")
        }
    }

    /// Looks for files that attributes put under LFS and whose blob is no pointer.
    nonisolated(nonsending) private func checkTracked(
        _ repository: Repository, _ scan: PointerScan, _ range: String?, _ report: FsckReport
    ) async throws -> Bool {
        let tip =
            range.map { String($0[($0.firstRange(of: "..")?.upperBound ?? $0.startIndex)...]) } ?? revision ?? "HEAD"
        guard let commit = try repository.commit(tip.isEmpty ? "HEAD" : tip) else { return true }
        let attributes = try repository.attributes(["filter"], in: commit)
        var isFine = true
        for file in try await scan.files(commit.hexadecimal)
        where try attributes.value(of: "filter", for: file.path) == .value("lfs") {
            let size = try repository.blobSize(file.blob)
            if try size == 0 || size == nil || scan.pointer(file.blob) != nil { continue }
            report.add(
                "unexpectedGitObject", "pointer", path: file.path, oid: nil,
                "\"\(file.path)\" (treeish \(commit)) should have been a pointer but was not")
            isFine = false
        }
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
