import Git
import JSON
import LFS
import Programs
import SystemCalls
import SystemPackage

/// `lfs ls-files`: the files under LFS of a commit, or of HEAD and the index.
struct ListFilesVerb {
    /// Shows whole OIDs.
    var isLong = false
    /// Shows sizes.
    var showsSize = false
    /// Shows paths only.
    var namesOnly = false
    /// Shows everything that is known of each file.
    var isDebug = false
    /// Lists the files of all commits that any reference reaches.
    var listsAll = false
    /// Lists what was deleted on the way to the commit, too.
    var listsDeleted = false
    /// The files to list.
    var filter = PathFilter()

    /// One file.
    struct Item {
        /// The path.
        let path: RelativePath
        /// The pointer.
        let pointer: Pointer
        /// Whether the work tree holds a file of the pointer's size.
        let isCheckedOut: Bool
        /// Whether the store holds the object.
        let isDownloaded: Bool
    }

    private let repository: Repository
    private let store: ObjectStore

    /// Lists files of a repository.
    init(_ repository: Repository) throws {
        self.repository = repository
        store = try ObjectStore(repository)
    }

    /// The files, in the order of git-lfs: changes of the index first, then the commit's.
    ///
    /// - Parameter revisions: None for HEAD and the index, one for a commit, two for what lies between them.
    nonisolated(nonsending) func items(_ revisions: [String] = []) async throws -> [Item] {
        var found: [Item] = []
        var seen: Set<RelativePath> = []
        var isRange = false
        let scan = PointerScan(repository)
        func take(_ path: RelativePath, _ pointer: Pointer) throws {
            if pointer.isEmpty || (!listsAll && !isRange && !seen.insert(path).inserted) { return }
            guard try filter.allows(path) else { return }
            found.append(item(path, pointer))
        }
        if listsAll {
            for item in try await scan.reachable(["--all"]) { try take(item.path, item.pointer) }
            return found
        }
        let commits = try revisions.map { revision in
            guard let commit = try repository.commit(revision) else {
                throw LFSError(
                    .failed, "list", "the files of \(revision)", "it names no commit",
                    hint: "git lfs ls-files -I \(ShellWord.shown(revision.keptBytes)) lists files of that name")
            }
            return commit
        }
        if commits.count == 2 {
            isRange = true
            let range = [commits[1].hexadecimal, "--not", commits[0].hexadecimal]
            for item in try await scan.reachable(range) { try take(item.path, item.pointer) }
            return found
        }
        let head = try commits.first ?? repository.head()
        if revisions.isEmpty { for (path, pointer) in try changedInIndex(head) { try take(path, pointer) } }
        guard let head else { return found }
        if listsDeleted {
            for item in try await scan.reachable([head.hexadecimal]) { try take(item.path, item.pointer) }
        } else {
            for (path, pointer) in try repository.pointers(of: head) { try take(path, pointer) }
        }
        return found
    }

    private func item(_ path: RelativePath, _ pointer: Pointer) -> Item {
        let file = repository.workTree.map { $0.appending(path) }
        return Item(
            path: path, pointer: pointer, isCheckedOut: file.map { ObjectStore.size($0) == pointer.size } ?? false,
            isDownloaded: store.holds(pointer))
    }

    /// The pointers in the index that the commit does not have at the same path.
    private func changedInIndex(_ head: ObjectID?) throws -> [(RelativePath, Pointer)] {
        var committed: [RelativePath: ObjectID] = [:]
        if let head { try repository.files(of: head) { committed[$0.path] = $0.entry.id } }
        return try repository.index().entries.compactMap { entry in
            guard entry.isFile, entry.stage == 0, committed[entry.path] != entry.id,
                let pointer = try repository.pointer(inBlob: entry.id)
            else { return nil }
            return (entry.path, pointer)
        }
    }

    /// The lines for stdout.
    func lines(_ items: [Item]) -> [String] {
        items.flatMap { item -> [String] in
            let oid = item.pointer.oid.hexadecimal
            let size = showsSize ? " (\(ByteCount.text(item.pointer.size)))" : ""
            if namesOnly { return ["\(item.path)\(size)"] }
            if isDebug {
                return [
                    "filepath: \(item.path)", "    size: \(item.pointer.size)", "checkout: \(item.isCheckedOut)",
                    "download: \(item.isDownloaded)", "     oid: sha256 \(oid)", " version: \(Pointer.version)", "",
                ]
            }
            let mark = item.isCheckedOut ? "*" : "-"
            return ["\(isLong ? oid : String(oid.prefix(10))) \(mark) \(item.path)\(size)"]
        }
    }

    /// The document of `--json`.
    static func document(_ items: [Item]) -> JSONValue {
        [
            "files": .array(
                items.map { item in
                    [
                        "name": .string(item.path.percentEncoded), "size": .integer(item.pointer.size.bytes),
                        "checkout": .bool(item.isCheckedOut), "downloaded": .bool(item.isDownloaded),
                        "oid_type": "sha256", "oid": .string(item.pointer.oid.hexadecimal),
                        "version": .string(Pointer.version),
                    ]
                })
        ]
    }
}
