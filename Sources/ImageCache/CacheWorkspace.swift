import Configuration
import Engines
import Git
import Inputs
import OCI
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

    /// Where this worktree keeps its state: `cache-image` in its Git folder; nil outside a repository.
    private let worktreeState: FilePath?
    /// Where all worktrees of the repository keep their state; nil outside a repository.
    private let sharedState: FilePath?
    private var foundEngine: Engine?
    /// The images that the engine was seen to hold under their names.
    var seen: [ImageName: EngineImage] = [:]
    /// The warnings about inputs that were shown already.
    var warned: Set<String> = []
    /// How often a build has changed what the lock says of a base image: other images may be stale since.
    public internal(set) var lockMoves = 0

    /// Opens the cache that a configuration describes; nothing is read or written yet.
    public init(_ configuration: ProjectConfiguration, environment: [String: String], events: CacheEvents) throws {
        self.configuration = configuration
        self.environment = environment
        self.events = events
        do {
            let found = try Repository.discover(from: configuration.root, environment: environment)
            repository = found?.workTree == nil ? nil : found
            worktreeState = repository?.gitDirectory.appending("cache-image")
            sharedState = repository?.commonDirectory.appending("cache-image")
        } catch {
            guard let error = error as? GitError, error.kind == .unsupported else { throw error }
            let cache = configuration.cacheDirectory.relative(to: configuration.root)?.description ?? "docker-cache"
            events.warning(
                "\(error); every file of the context counts, and nothing is staged",
                "git lfs track '\(cache)/*.tar' && git add .gitattributes \(cache)")
            repository = nil
            let folder = configuration.root.appending(".git")
            worktreeState = try FileStatus.of(folder)?.kind == .directory ? folder.appending("cache-image") : nil
            sharedState = worktreeState
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
    var lockPath: FilePath { stateFile("lock") }

    /// Where this worktree remembers the stat data of files.
    var statCachePath: FilePath { stateFile("stat") }

    /// What this machine remembers about images.
    var notesPath: FilePath {
        sharedState?.appending("notes.json") ?? folder.appending(".notes.json")
    }

    /// The memo of Git blobs; nil outside a repository.
    var memoPath: FilePath? {
        sharedState?.appending("memo")
    }

    /// The folder in which contexts are staged and logs kept.
    var scratchFolder: FilePath {
        worktreeState ?? folder
    }

    /// The engine's log of the image's last build.
    public func logPath(of image: ImageDeclaration) -> FilePath {
        let name = image.stem + ".log"
        return worktreeState?.appending(name) ?? folder.appending("." + name)
    }

    /// A file of the worktree's own state: in its Git folder, else hidden in the cache folder.
    private func stateFile(_ name: String) -> FilePath {
        worktreeState?.appending(name) ?? folder.appending("." + name)
    }

    // MARK: Parts

    /// How the container engine is looked for.
    public var engineSearch: EngineSearch {
        EngineSearch(Dialect(named: configuration.engine.rawValue), environment: environment)
    }

    /// The container engine, found at first use.
    public func engine() async throws -> Engine {
        if let foundEngine { return foundEngine }
        let engine = try await Engine.find(
            preferred: engineSearch.wanted, environment: environment, note: events.detail, warn: events.warning)
        foundEngine = engine
        return engine
    }

    /// The image that the engine holds under the name of a declared one; not asked where this command saw it already.
    public func held(_ image: ImageDeclaration) async throws -> EngineImage? {
        if let held = seen[image.name] { return held }
        return try await engine().image(named: image.name)
    }

    /// Runs `body` with the cache's lock held and the leftovers of killed commands removed.
    func withLock<Result>(_ body: () async throws -> Result) async throws -> Result {
        let seconds = configuration.lockTimeout.map { $0 / .seconds(1) }
        let lock = try await CacheLock.acquire(lockPath, timeout: seconds) { holder in
            let process = holder.map { "process \($0)" } ?? "another process"
            events.note("waiting for \(process), which holds \(lockPath)")
        }
        defer { lock.release() }
        try TemporaryFiles.sweep(folder)
        if let repository, let cache = repository.relativePath(of: folder) {
            // Where info/exclude cannot be written, temporary files show as untracked for as long as they live.
            _ = try? repository.exclude("/\(cache)/.tmp-*")
        }
        if scratchFolder != folder { try TemporaryFiles.sweep(scratchFolder) }
        return try await body()
    }
}
