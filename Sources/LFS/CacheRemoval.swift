import Git
import SystemCalls
import SystemPackage

/// Takes out of a repository what this program set there, and the cache's archives out of LFS.
///
/// No object is removed, and nothing is changed before every archive is here.
public struct CacheRemoval {
    /// What there is to take out.
    public struct Plan: Sendable {
        /// The filters of the repository's configuration.
        public var hasFilters = false
        /// The pre-push hook.
        public var hasHook = false
        /// The lines of `.gitattributes`, as they stand.
        public var attributeLines: [String] = []
        /// The files of the cache folder that Git holds as LFS pointers.
        public var archives: [TransferObject] = []

        /// Whether there is nothing of this program.
        public var isEmpty: Bool { !hasFilters && !hasHook && attributeLines.isEmpty }
    }

    private let repository: Repository
    private let cache: RelativePath
    private let transfer: CacheTransfer

    /// Works on a repository and its cache folder.
    public init(_ repository: Repository, cache: RelativePath, transfer: CacheTransfer) {
        self.repository = repository
        self.cache = cache
        self.transfer = transfer
    }

    /// What is there; nothing is changed.
    public func plan() throws -> Plan {
        var plan = Plan()
        plan.hasFilters = try FilterInstallation(repository, program: "").isOwn()
        plan.hasHook = try PrePushHook(repository, program: "").isOwn()
        plan.archives = try transfer.staged()
        let file = try attributes()
        plan.attributeLines = file.bytes.split(separator: UInt8(ascii: "\n")).filter { line in
            CacheAttributes.isOwn(line.last == UInt8(ascii: "\r") ? line.dropLast() : line, of: cache)
        }.map { String(decoding: $0, as: UTF8.self) }
        return plan
    }

    private func attributes() throws -> AttributesFile {
        guard let workTree = repository.workTree else {
            throw GitError(.failed, "change", ".gitattributes", "the repository has no work tree")
        }
        return try AttributesFile(of: repository, in: workTree)
    }

    /// Brings the content of all archives into the work tree; an error where one cannot be had, or is no archive there.
    ///
    /// - Parameter progress: Told how far the download is.
    nonisolated(nonsending) public func materialise(
        _ archives: [TransferObject], progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws {
        let missing = try archives.filter { try transfer.client.store.find($0.pointer) == nil }
        // What is in the work tree is enough.
        let absent = missing.filter { !isContent($0) }
        if !absent.isEmpty { try await transfer.client.fetch(absent, progress: progress) }
        let paths = Set(archives.compactMap(\.path))
        let result = try await WorkTreeCheckout(repository).run(where: { paths.contains($0) })
        if let failure = result.failures.first ?? result.skipped.first { throw failure }
        for archive in archives where !isContent(archive) && !archive.pointer.isEmpty {
            throw LFSError(
                .missing, "put back", archive.name, "the work tree holds neither its pointer nor an archive",
                hint: "git checkout -- \(archive.path?.description ?? ".")")
        }
    }

    /// Whether the work tree holds more than a pointer in the place of an archive.
    private func isContent(_ archive: TransferObject) -> Bool {
        guard let path = archive.path, let file = repository.workTree?.appending(path),
            let status = (try? FileStatus.of(file)) ?? nil, status.kind == .file, status.size > 0
        else { return false }
        return ((try? Pointer.read(file)) ?? nil) == nil
    }

    /// Removes the lines of `.gitattributes`, and from Git's index the archives that no other line puts under LFS.
    ///
    /// The files stay. What is given back are the paths that left the index.
    nonisolated(nonsending) public func removeLines(
        _ archives: [TransferObject], stages: Bool
    ) async throws -> [RelativePath] {
        guard let workTree = repository.workTree else { return [] }
        var file = try attributes()
        file.removeLines { CacheAttributes.isOwn($0, of: cache) }
        let isTracked = try repository.index().entry(at: AttributesFile.name) != nil
        // Where the work tree lacks the file, Git takes the index's.
        let goes = file.bytes.isEmpty && file.isChanged && (stages || !isTracked)
        if goes {
            try Files.remove(workTree.appending(AttributesFile.name))
            if isTracked { try await repository.stage([], removing: [AttributesFile.name]) }
        } else {
            try file.write()
        }
        repository.forgetRules()
        let paths = archives.compactMap(\.path)
        let attributes = try repository.attributes(["filter"])
        let gone = try paths.filter { try attributes.value(of: "filter", for: $0) != .value("lfs") }
        guard stages else { return [] }
        try await repository.stage(isTracked && !goes ? [StagedFile(AttributesFile.name)] : [], removing: gone)
        return gone
    }

    /// Removes filters, hook and the pattern of temporary files.
    public func removeSetup(_ plan: Plan) throws {
        if plan.hasFilters { try FilterInstallation(repository, program: "").uninstall() }
        if plan.hasHook { try PrePushHook(repository, program: "").uninstall() }
        try repository.include("/".utf8 + LiteralPattern.of(cache.bytes) + "/.tmp-*".utf8)
    }
}
