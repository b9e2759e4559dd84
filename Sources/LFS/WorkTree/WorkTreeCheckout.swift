import Git
import Glibc
import SystemCalls
import SystemPackage

/// Puts the content of objects into the work tree where it is missing or still a pointer.
///
/// Files that were changed are never overwritten. The content shares its blocks with the object where the file system
/// can, but never its inode.
public struct WorkTreeCheckout {
    /// What became of the files.
    public struct Result: Sendable {
        /// The files that were written.
        public var written: [RelativePath] = []
        /// The files whose objects the store lacks.
        public var missing: [TransferObject] = []
        /// The files that could not be written, and why; the others were.
        public var failures: [LFSError] = []
        /// The files in whose place something else stands that is the user's.
        public var skipped: [LFSError] = []
        /// How many files under LFS the filter allows, in whatever state they are.
        public var count = 0
        /// The sizes of their objects together.
        public var bytes: Size = 0
    }

    private let repository: Repository
    private let store: ObjectStore

    /// Works on a repository's work tree.
    public init(_ repository: Repository) throws {
        self.repository = repository
        store = try ObjectStore(repository)
    }

    /// The tracked files under LFS, with the pointer that Git has and what stands there.
    ///
    /// - Parameter filter: The files to look at.
    private func tracked(
        _ filter: (RelativePath) throws -> Bool
    ) throws -> [(entry: IndexEntry, pointer: Pointer, state: State)] {
        guard let workTree = repository.workTree else { return [] }
        let index = try repository.index()
        let attributes = try repository.attributes(["filter"], index: index)
        return try index.entries.compactMap { entry in
            guard entry.isFile, entry.stage == 0, !entry.flags.contains(.skipWorktree), try filter(entry.path),
                try attributes.value(of: "filter", for: entry.path) == .value("lfs"),
                let pointer = try repository.pointer(inBlob: entry.id)
            else { return nil }
            let path = workTree.appending(entry.path)
            guard let status = try FileStatus.of(path) else { return (entry, pointer, .pending) }
            if status.kind != .file { return (entry, pointer, .occupied) }
            let isPointer = try status.size < Int64(Pointer.maximumLength) && Pointer.read(path) == pointer
            return (entry, pointer, isPointer ? .pending : .changed)
        }
    }

    /// What stands in the place of a file under LFS.
    private enum State {
        /// Nothing, or the pointer.
        case pending
        /// The content, or what the user made of it.
        case changed
        /// A folder, link or pipe.
        case occupied
    }

    /// Writes the content of all pending files whose objects are here, and keeps Git's index clean.
    nonisolated(nonsending) public func run(_ filter: PathFilter = PathFilter()) async throws -> Result {
        try await run(where: { try filter.allows($0) })
    }

    /// The same for the files that a filter allows.
    nonisolated(nonsending) func run(where filter: (RelativePath) throws -> Bool) async throws -> Result {
        var result = Result()
        var staged: [StagedFile] = []
        let files = try tracked(filter)
        let log = ProgressLog("checkout", [], repository.environment)
        for (entry, pointer, state) in files {
            result.count += 1
            result.bytes += pointer.size
            if state == .occupied {
                let error = LFSError(
                    .failed, "check out", entry.path.description, "what stands there is no regular file")
                result.skipped.append(error)
            }
            if state != .pending { continue }
            // The empty file's object is nowhere, and is not needed.
            let object = try store.find(pointer)
            if object == nil && !pointer.isEmpty {
                if let size = ObjectStore.size(store.path(of: pointer.oid)) {
                    result.failures.append(try store.wrongSize(size, pointer, "check out", entry.path.description))
                    continue
                }
                result.missing.append(TransferObject(pointer, path: entry.path))
                continue
            }
            do {
                try write(object, to: entry)
            } catch let error as LFSError {
                result.skipped.append(error)
                continue
            } catch let error as SystemError {
                let reason = "cannot \(error.operation) \(error.object): \(error.reason)"
                result.failures.append(LFSError(.failed, "check out", entry.path.description, reason))
                continue
            }
            result.written.append(entry.path)
            log?.write(TransferObject(pointer, path: entry.path), of: files.count)
            if let bytes = try repository.blob(entry.id, limit: Pointer.maximumLength) {
                staged.append(StagedFile(entry.path, .blob(bytes)))
            }
        }
        if !staged.isEmpty { try await repository.stage(staged) }
        return result
    }

    private func write(_ object: FilePath?, to entry: IndexEntry) throws {
        guard let workTree = repository.workTree else { return }
        let target = workTree.appending(entry.path)
        let folder = target.removingLastComponent()
        try Files.createDirectories(folder)
        // A link among the folders would lead out of the work tree.
        guard try Files.realPath(folder) == Files.realPath(workTree).appending(entry.path.parent ?? "") else {
            throw LFSError(.failed, "check out", entry.path.description, "a folder above it is a symbolic link")
        }
        try Self.copy(object, to: target, permissions: entry.isExecutable ? 0o777 : 0o666)
    }

    /// Makes `target` a copy of an object in one step, sharing blocks where the file system can.
    ///
    /// - Parameters:
    ///   - object: The object's file; nil for no content.
    ///   - target: The file to write. One that stands there hands its permission bits on.
    ///   - permissions: The bits of a new file, less the umask.
    public static func copy(_ object: FilePath?, to target: FilePath, permissions: mode_t = 0o666) throws {
        let present = try FileStatus.of(target).flatMap { $0.kind == .file ? $0.permissions & 0o777 : nil }
        let temporary = Files.temporaryPath(beside: target)
        do {
            try Files.clone(object ?? "/dev/null", to: temporary, permissions: present ?? permissions)
            if let present { try Files.setPermissions(temporary, present) }
            try Files.rename(temporary, to: target)
        } catch {
            _ = try? Files.remove(temporary)
            throw error
        }
    }

    /// Writes one side of an unresolved merge to a file of its own.
    ///
    /// - Parameters:
    ///   - stage: 1 for the common ancestor, 2 for ours, 3 for theirs.
    ///   - path: The path in conflict.
    ///   - target: The file to write.
    public func extract(stage: UInt8, of path: RelativePath, to target: FilePath) throws {
        guard let entry = try repository.index().stages(of: path).first(where: { $0.stage == stage }) else {
            throw LFSError(.failed, "check out", path.description, "it is not in conflict, or lacks that side")
        }
        guard let pointer = try repository.pointer(inBlob: entry.id) else {
            throw LFSError(.invalidPointer, "check out", path.description, "that side holds no LFS pointer")
        }
        let object = try store.find(pointer)
        if object == nil && !pointer.isEmpty {
            throw LFSError(
                .missing, "check out", path.description, "LFS object \(pointer.oid.hexadecimal) is not here",
                hint: "cache-image lfs fetch")
        }
        try Self.copy(object, to: target, permissions: entry.isExecutable ? 0o777 : 0o666)
    }
}
