import Git
import Records
import SystemCalls
import SystemPackage

/// The lock of base images of a cache folder.
///
/// Not to be used from two tasks at once.
final class BaseLockFile {
    /// What the file says.
    struct Reading {
        /// The lock; of a file that cannot be read, the version that Git's index has.
        let lock: BaseLock
        /// Why the file cannot be read: it is damaged, or holds Git's conflict markers; nil where it can.
        var complaint: InputsError?
    }

    /// The file.
    let path: FilePath
    private let repository: Repository?
    /// The folder that paths in messages are relative to.
    private let root: FilePath
    private var known = Remembered<BaseLock>()

    init(_ path: FilePath, repository: Repository?, root: FilePath) {
        self.path = path
        self.repository = repository
        self.root = repository?.workTree ?? root
    }

    /// The present lock.
    ///
    /// Until `update` repairs a file that cannot be read, the version that Git's index has counts, in a merge that of
    /// this branch.
    func read() throws -> Reading {
        if let lock = try absent() { return Reading(lock: lock) }
        do {
            let lock = try known.value(of: path) { () throws(InputsError) in try BaseLock.read(path) }
            return Reading(lock: lock ?? BaseLock())
        } catch let error {
            guard error.kind == .conflictMarkers || error.kind == .damagedDocument else { throw error }
            let side = try sides.of(path).first.flatMap { try? BaseLock.read($0.bytes, named: path.string) }
            return Reading(lock: side ?? BaseLock(), complaint: error)
        }
    }

    /// What a new lock makes of the file; nil where that stays as it is.
    ///
    /// A lock with nothing to say is not worth a file.
    func change(to lock: BaseLock) throws -> [UInt8]? {
        if lock.entries.isEmpty, !Files.exists(path) { return nil }
        let bytes = lock.document
        return try Files.readPlain(path) == bytes ? nil : bytes
    }

    private var sides: MergeSides { MergeSides(repository: repository) }

    /// The lock in Git's index, where a sparse checkout leaves the file out; nil where it does not.
    private func absent() throws -> BaseLock? {
        guard let repository, !Files.exists(path),
            Files.exists(repository.gitDirectory.appending("info").appending("sparse-checkout")),
            let refusal = try InputsError.absence(of: path, in: repository, root: root)
        else { return nil }
        guard let side = try sides.of(path).first else { throw refusal }
        return try BaseLock.read(side.bytes, named: path.string)
    }
}
