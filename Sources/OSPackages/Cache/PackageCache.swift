import Synchronization
import SystemCalls
import SystemPackage

/// The package cache of one provider: each package once, under its full file name, whichever template uses it.
///
/// A file is worth nothing until its size and digest were compared with what a signed index says: `ensure` does so on
/// every use. Beside the packages are `chrootpkgs.dot`, `.index.json` (when each file was used last), `.partial/` (what is
/// being fetched) and the locks. docs/packages.md has the whole.
public struct PackageCache: Sendable {
    /// `CACHE_DIR/pkgCache/{provider}`.
    public let folder: FilePath
    let clock: @Sendable () -> Int64
    /// How long to wait for others who fetch.
    let patience: Duration
    private let uses = Uses()

    /// Names a package cache; nothing is made yet.
    ///
    /// - Parameters:
    ///   - folder: Where it is.
    ///   - patience: How long to wait for others that fetch, or that hold it exclusively.
    ///   - clock: The time in seconds since 1970.
    public init(
        folder: FilePath, patience: Duration = .seconds(3600),
        clock: @escaping @Sendable () -> Int64 = { FileStatus.Time.now.seconds }
    ) {
        self.folder = folder
        self.patience = patience
        self.clock = clock
    }

    /// Held shared while files are used, exclusively while files are removed for room.
    var useLock: FilePath { folder.appending(".use.lock") }
    /// Held exclusively by whoever fetches or resolves.
    var fetchLock: FilePath { folder.appending(".fetch.lock") }
    /// Held exclusively for as long as it takes to change the index.
    var indexLock: FilePath { folder.appending(".index.lock") }
    /// What is being fetched.
    var partial: FilePath { folder.appending(".partial") }

    /// Takes a lock of the cache, waiting for others.
    ///
    /// - Parameter mode: Shared: for a build that uses packages, which are not removed for room meanwhile; two builds
    ///   can have it, and others may fetch. Exclusive: for one that fetches or resolves; only one can have it, and
    ///   others may go on using packages.
    /// - Throws: `PackageError` (`.busy` where it was not to be had in time); `CancellationError`.
    public func hold(_ mode: OpenFileLock.Mode) async throws -> OpenFileLock {
        try await PackageError.wrapping {
            try Files.createDirectories(folder)
            let path = mode == .shared ? useLock : fetchLock
            guard let lock = try await OpenFileLock.acquire(path, mode, timeout: patience) else {
                throw PackageError(
                    .busy, "cannot use \(Printable.escaped(folder.string)): another build holds its lock",
                    hint: "wait for the other build; the lock is \(Printable.escaped(path.string))")
            }
            if mode == .shared { uses.add(lock) }
            return lock
        }
    }

    /// Runs work while nobody else uses the cache; nil, and nothing is run, where somebody does.
    ///
    /// A shared lock that came from this value's `hold` is no hindrance: it is made exclusive and then shared again.
    func alone<Result>(_ work: () throws -> Result) throws -> Result? {
        let own = uses.all()
        if own.count > 1 { return nil }
        if let lock = own.first {
            guard try lock.tryChange(to: .exclusive) else { return nil }
            defer { _ = try? lock.tryChange(to: .shared) }
            return try work()
        }
        guard let lock = try OpenFileLock.tryAcquire(useLock, .exclusive) else { return nil }
        defer { lock.release() }
        return try work()
    }

    /// Writes `chrootpkgs.dot`, the graph of a build's packages; a file that has it already is left alone.
    public func writeGraph(_ packages: [Package]) throws(PackageError) {
        let bytes = Array(PackageGraph.dot(packages).utf8)
        let file = folder.appending("chrootpkgs.dot")
        do {
            // Whatever else stands there is replaced by the rename.
            if (try? Files.readPlain(file, limit: bytes.count)) != bytes { try Files.replace(file, with: bytes) }
        } catch {
            throw PackageError(.file, error.description)
        }
    }

    /// The shared locks that this value gave out.
    private final class Uses: Sendable {
        private let locks = Mutex<[Weak]>([])

        func add(_ lock: OpenFileLock) {
            locks.withLock { locks in
                locks.removeAll { !($0.lock?.isHeld ?? false) }
                locks.append(Weak(lock: lock))
            }
        }

        /// Those that are still held.
        func all() -> [OpenFileLock] {
            locks.withLock { $0.compactMap { $0.lock.flatMap { $0.isHeld ? $0 : nil } } }
        }
    }

    private struct Weak {
        weak var lock: OpenFileLock?
    }
}
