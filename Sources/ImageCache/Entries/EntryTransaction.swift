import Records
import SystemCalls
import SystemPackage

/// New files of one entry that become visible together, in the order that keeps a killed command harmless.
///
/// Everything is written under temporary names first and fsynced. `commit` then removes the sidecar, renames archive,
/// steps, lock and record, and the sidecar last: at every moment the folder holds the old entry, the new one, or one
/// that is visibly stale.
public struct EntryTransaction {
    /// A step of `commit`.
    enum Step: Equatable {
        /// The entry is stale from here on.
        case removeSidecar
        /// A new file takes its place.
        case rename(to: FilePath)
        /// A file that the new version does not have goes.
        case remove(FilePath)
        /// What was done so far outlives a power cut.
        case synchronize
    }

    /// The entry's places.
    public let paths: EntryPaths
    private var pending: [FilePath: FilePath] = [:]
    private var removed: Set<FilePath> = []

    /// Starts a transaction; the cache folder is made where it is missing.
    public init(_ paths: EntryPaths) throws(SystemError) {
        self.paths = paths
        try Files.createDirectories(paths.folder)
    }

    /// A temporary name in the cache folder for what will become `target`: the same one each time, until it is dropped.
    public mutating func temporary(for target: FilePath) -> FilePath {
        if let path = pending[target] { return path }
        let path = Files.temporaryPath(beside: target)
        pending[target] = path
        return path
    }

    /// Takes back a file that is not needed after all, and removes what was written of it.
    public mutating func drop(_ target: FilePath) {
        if let path = pending.removeValue(forKey: target) { _ = try? Files.remove(path) }
    }

    /// Has `commit` remove a file, if it is there.
    mutating func remove(_ target: FilePath) {
        drop(target)
        if Files.exists(target) { removed.insert(target) }
    }

    /// Writes and fsyncs a small file that will become `target`.
    public mutating func write(_ bytes: [UInt8], to target: FilePath) throws(SystemError) {
        let path = temporary(for: target)
        let descriptor = try Files.create(path)
        defer { try? descriptor.close() }
        try Files.write(bytes, to: descriptor, named: path.string)
        try Files.synchronize(descriptor, named: path.string)
    }

    /// Writes and fsyncs a record that will become `target`, piece by piece: one of 100,000 files has 15 MB.
    mutating func write(_ record: InputsRecord, to target: FilePath) throws {
        let path = temporary(for: target)
        let descriptor = try Files.create(path)
        defer { try? descriptor.close() }
        try record.write(to: descriptor, named: path.string)
        try Files.synchronize(descriptor, named: path.string)
    }

    /// What `commit` does, in this order; files without a pending version stay as they are.
    var steps: [Step] {
        if pending.isEmpty { return [] }
        let targets = [paths.archive, paths.steps, paths.baseLock, paths.record, paths.sidecar]
        return [.removeSidecar, .synchronize]
            + targets.compactMap { target in
                pending[target] != nil ? .rename(to: target) : removed.contains(target) ? .remove(target) : nil
            } + [.synchronize]
    }

    /// Makes all new files visible and durable.
    public mutating func commit() throws(SystemError) {
        try commit { (_: Step) throws(SystemError) in }
    }

    /// Does the same, and calls `next` before each step.
    mutating func commit(_ next: (Step) throws(SystemError) -> Void) throws(SystemError) {
        for step in steps {
            try next(step)
            switch step {
            case .removeSidecar: try Files.remove(paths.sidecar)
            case .remove(let target):
                try Files.remove(target)
                removed.remove(target)
            case .synchronize: try Files.synchronizeDirectory(paths.folder)
            case .rename(let target):
                guard let path = pending.removeValue(forKey: target) else { continue }
                do throws(SystemError) { try Files.rename(path, to: target) } catch {
                    pending[target] = path
                    throw error
                }
            }
        }
    }

    /// Removes what was written and not committed.
    public mutating func rollBack() {
        for target in Array(pending.keys) { drop(target) }
    }
}
