import Configuration
import Engines
import Git
import OCI
import Programs
import Records
import SystemCalls
import SystemPackage

/// The cache of one project: its entries, the repository around them, and the engine.
///
/// Commands are methods; each is about one declared image. Not to be used from two tasks at once.
public final class CacheWorkspace {
    /// What flags, variables and file say together.
    public let configuration: ProjectConfiguration
    /// The repository around the configuration; nil outside of one, and where its format cannot be read.
    public let repository: Repository?
    /// The process' environment.
    public let environment: [String: String]
    /// Where the cache says what it does.
    public let events: CacheEvents

    /// Where lock, stat cache, logs and notes are.
    let state: StatePlaces
    private var foundEngine: Engine?
    /// The images that the engine was seen to hold under their names.
    var seen: [ImageName: EngineImage] = [:]
    /// The warnings about inputs that were shown already.
    var warned: Set<String> = []
    /// The records that were read.
    let shelf = RecordShelf()
    /// The locks of base images that were read.
    var locks = Remembered<BaseLock>()
    /// The sidecars that were read.
    var sidecars = Remembered<EntryFiles.Part<String>>()
    /// How often a build has changed what the lock says of a base image: other images may be stale since.
    public internal(set) var lockMoves = 0

    /// Opens the cache that a configuration describes; nothing is read or written yet.
    ///
    /// - Parameters:
    ///   - configuration: What flags, variables and file say.
    ///   - place: The repository that Git sees around the configuration; nil where it sees none.
    ///   - environment: The environment for this process and its children (`RepositoryPlace.environment`).
    ///   - events: Where the cache says what it does.
    public init(
        _ configuration: ProjectConfiguration, in place: RepositoryPlace?, environment: [String: String],
        events: CacheEvents
    ) throws {
        self.configuration = configuration
        self.environment = environment
        self.events = events
        // A configuration that lies elsewhere is not that repository's.
        let place = configuration.repository == nil ? nil : place
        state = StatePlaces(place, cache: configuration.cacheDirectory, environment: environment)
        if let unsupported = place?.unsupported {
            let cache = configuration.cacheDirectory.relative(to: configuration.root)?.description ?? "docker-cache"
            events.warning(
                "\(unsupported); every file of the context counts, and nothing is staged",
                "git lfs track \(ShellWord.quoted("\(cache)/*.tar"))"
                    + " && git add .gitattributes \(ShellWord.quoted(cache))")
            repository = nil
        } else {
            repository = try place.map { place throws(GitError) in try Repository(place) }
        }
    }

    // MARK: Places

    /// The folder of the entries.
    public var folder: FilePath { configuration.cacheDirectory }

    /// Where the files of an image's entry lie.
    public func paths(of image: ImageDeclaration) -> EntryPaths {
        EntryPaths(folder: folder, stem: image.stem)
    }

    /// The lock's file.
    var lockPath: FilePath { state.own.appending("lock") }

    /// Where this worktree remembers the stat data of files; nil where that cannot be believed.
    var statCachePath: FilePath? { state.isTrusted ? state.own.appending("stat") : nil }

    /// What this machine remembers about images; nil where that cannot be believed.
    var notesPath: FilePath? { state.isTrusted ? state.shared.appending("notes.json") : nil }

    /// The memo of Git blobs; nil outside a repository.
    var memoPath: FilePath? { state.isInGitFolder ? state.shared.appending("memo") : nil }

    /// The folder in which contexts are staged.
    var scratchFolder: FilePath { state.isInGitFolder ? state.own : folder }

    /// The engine's log of the image's last build.
    public func logPath(of image: ImageDeclaration) -> FilePath { state.own.appending(image.stem + ".log") }

    // MARK: Parts

    /// How the container engine is looked for.
    public var engineSearch: EngineSearch {
        EngineSearch(Dialect(named: configuration.engine.rawValue), environment: environment)
    }

    /// The container engine, found at first use.
    public func engine() async throws -> Engine {
        if let foundEngine { return foundEngine }
        var engine = try await Engine.find(
            preferred: engineSearch.wanted, environment: environment, note: events.detail, warn: events.warning)
        engine.workingDirectory = configuration.root
        foundEngine = engine
        return engine
    }

    /// The image that the engine holds under the name of a declared one; not asked where this command saw it already.
    public func held(_ image: ImageDeclaration) async throws -> EngineImage? {
        if let held = seen[image.name] { return held }
        return try await engine().image(named: image.name)
    }

    /// Runs `body` with the cache's lock held and the leftovers of killed commands removed.
    ///
    /// Nothing is written, or removed, where the cache folder is a link out of the work tree.
    func withLock<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await withLock { (_: Bool) in try await body() }
    }

    /// Runs `body` with the lock held; it learns whether the lock was had at once.
    func withLock<Result>(_ body: (_ wasFree: Bool) async throws -> Result) async throws -> Result {
        try checkFolder()
        try state.prepare()
        let seconds = configuration.lockTimeout.map { $0 / .seconds(1) }
        let lock = try await CacheLock.acquire(lockPath, timeout: seconds) { holder in
            let process = holder.map { "process \($0)" } ?? "another process"
            events.note("waiting for \(process), which holds \(lockPath)")
        }
        defer { lock.release() }
        repository?.forgetRules()
        try TemporaryFiles.sweep(folder)
        if let repository, let cache = repository.relativePath(of: folder) {
            // Where info/exclude cannot be written, temporary files show as untracked for as long as they live.
            _ = try? repository.exclude("/\(cache)/.tmp-*")
        }
        if scratchFolder != folder { try TemporaryFiles.sweep(scratchFolder) }
        return try await body(lock.wasFree)
    }
}
