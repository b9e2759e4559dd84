import Configuration
import Engines
import Git
import OCI
import Programs
import SystemCalls
import SystemPackage

/// The cache of one project: the values that commands work with, put together.
///
/// What they do stands in them. Not to be used from two tasks at once.
public final class CacheWorkspace {
    /// What flags, variables and file say together.
    public let configuration: ProjectConfiguration
    /// The repository around the configuration; nil outside of one, and where its format cannot be read.
    public let repository: Repository?
    /// The process' environment.
    public let environment: [String: String]
    /// What this user trusts the configuration with.
    public let trust: TrustGate
    /// The entries.
    public let entries: EntryStore
    /// The present recipes of images.
    public let reader: InputReader
    /// The container engine.
    public let engines: EngineSource
    /// What the engine holds.
    public let images: EngineImages

    private let events: CacheEvents
    private let places: StatePlaces
    private let cacheFolder: CacheFolder
    private let lockFile: BaseLockFile
    private let names: EngineNames
    private let versions: RecordVersions
    private let turn = WriteAccess.Turn()

    /// Opens the cache that a configuration describes; nothing is read or written yet.
    ///
    /// - Parameters:
    ///   - configuration: What flags, variables and file say.
    ///   - checkout: What Git sees around the configuration.
    ///   - environment: The environment for this process and its children (`RepositoryPlace.environment`).
    ///   - events: Where the cache says what it does.
    public init(
        _ configuration: ProjectConfiguration, in checkout: CheckoutView, environment: [String: String],
        events: CacheEvents
    ) throws {
        self.configuration = configuration
        self.environment = environment
        self.events = events
        // A configuration that lies elsewhere is not that repository's.
        let place = configuration.repository == nil ? nil : checkout.place
        let repository = place == nil ? nil : try checkout.repository()
        if let unsupported = place?.unsupported {
            let cache = configuration.cacheDirectory.relative(to: configuration.root)?.description ?? "docker-cache"
            events.warning(
                "\(unsupported); every file of the context counts, and nothing is staged",
                "git lfs track \(ShellWord.quoted("\(cache)/*.tar"))"
                    + " && git add .gitattributes \(ShellWord.quoted(cache))")
        }
        var places = StatePlaces(place, cache: configuration.cacheDirectory, environment: environment)
        if let repository { places.permission = repository.sharedPermission }
        self.repository = repository
        versions = RecordVersions(repository)
        self.places = places
        cacheFolder = CacheFolder(configuration, repository: repository)
        trust = TrustGate(
            folder: place?.commonDirectory ?? configuration.root, mode: configuration.trust, environment: environment,
            events: events)
        entries = EntryStore(configuration.cacheDirectory, repository: repository)
        lockFile = BaseLockFile(
            EntryPaths.baseLock(in: configuration.cacheDirectory), repository: repository, root: configuration.root)
        reader = InputReader(
            repository: repository, root: configuration.root, folder: cacheFolder, places: places, store: entries,
            lockFile: lockFile, images: configuration.images, environment: environment, events: events)
        engines = EngineSource(
            Dialect(named: configuration.engine.rawValue), environment: environment, folder: configuration.root,
            events: events)
        let notebook = ImageNotebook(places: places)
        names = EngineNames(configuration, trust: trust, notebook: notebook, events: events)
        images = EngineImages(engines, names: names, notebook: notebook, scratch: places.scratch, events: events)
    }

    /// The folder of the entries.
    public var folder: FilePath { cacheFolder.path }

    /// The engine's log of the image's last build.
    public func logPath(of image: ImageDeclaration) -> FilePath { places.log(of: image.stem) }

    // MARK: Looking

    /// How entries stand to the present inputs.
    public var inspector: EntryInspector { EntryInspector(reader: reader, store: entries, lockFile: lockFile) }
    /// What Git knows of older entries.
    public var history: EntryHistory { EntryHistory(repository: repository, store: entries) }
    /// Reads every byte of entries.
    public var verifier: EntryVerifier {
        EntryVerifier(repository: repository, inspector: inspector, objects: objects)
    }
    /// Base images.
    public var bases: BaseImages {
        BaseImages(
            lockFile: lockFile, reader: reader, source: engines, access: access, environment: environment,
            isOffline: configuration.isOffline, events: events)
    }

    /// What older versions may take on this machine.
    public var retention: Retention {
        Retention(
            repository: repository, folder: folder, places: places, access: access, limits: configuration.storage,
            isOffline: configuration.isOffline, events: events)
    }
    /// Removes images of older keys from the engine.
    public var engineCleaner: EngineCleaner {
        EngineCleaner(
            declared: configuration.images, source: engines, notebook: images.notebook, inspector: inspector,
            access: access, events: events)
    }
    /// What is known of entries beyond their state.
    public var entryFacts: EntryFactsReader {
        get throws {
            let survey = repository.flatMap { repository in
                repository.relativePath(of: folder).flatMap { try? VersionSurvey(repository, folder: $0) }
            }
            return EntryFactsReader(repository: repository, survey: survey, journal: journal)
        }
    }
    /// All questions that commands would ask, those about recipes behind those about the configuration.
    public var questions: [TrustQuestion] {
        get throws {
            try configuration.questions
                + configuration.images.compactMap { image in
                    if image.recipe.lockFile == nil { return nil }
                    return configuration.recipeQuestion(about: image, try reader.recipe(of: image).wishes)
                }
        }
    }
    /// Where the outcomes of commands are noted.
    public var journal: Journal { Journal(places, isKept: configuration.keepsJournal) }

    /// The file with an entry's archive, where that is on this machine; nothing is fetched.
    func localArchive(of inspection: EntryInspection) -> FilePath? {
        switch inspection.archive.bytes {
        case .file(let path): path
        case .object(let pointer): objects.local(pointer.oid)
        case .nowhere, .unreadable: nil
        }
    }

    // MARK: Acting

    /// Brings images up to date.
    public var updater: Updater {
        Updater(
            repository: repository, access: access, lockFile: lockFile, reader: reader, entry: preparation,
            loader: loader, restorer: restorer, builder: builder, saver: saver, images: configuration.images,
            events: events)
    }
    /// Makes right what `verifier` found.
    public var repairer: EntryRepairer {
        EntryRepairer(
            repository: repository, access: access, verifier: verifier, store: entries, staging: staging,
            objects: objects, updater: updater, events: events)
    }
    /// Puts images of entries into the engine.
    public var loader: EntryLoader {
        EntryLoader(
            repository: repository, store: entries, objects: objects, inspector: inspector, images: images,
            events: events)
    }
    /// Stores images of the engine.
    public var imageSave: ImageSave {
        ImageSave(access: access, entry: preparation, source: engines, notebook: images.notebook, saver: saver)
    }
    /// Stores images of archive files.
    public var imageImport: ImageImport { ImageImport(access: access, entry: preparation, saver: saver) }
    /// What rebuilds brought into the engine to reuse its steps.
    public var loadedSteps: LoadedSteps { LoadedSteps(places: places, source: engines) }
    /// Writes archives in other forms.
    public var imageExport: ImageExport { ImageExport(inspector: inspector, objects: objects, events: events) }

    /// Removes what killed commands left, unless another command writes just now; writing commands do so by themselves.
    public func removeLeftovers() {
        guard (try? cacheFolder.check()) != nil, Files.exists(places.lock),
            let lock = (try? FileLock.tryAcquire(places.lock)) ?? nil
        else { return }
        defer { lock.release() }
        leftovers.remove()
    }
    /// The same where a quick look shows that there is something, for a command that may have nothing to do.
    public func removeSeenLeftovers() {
        if leftovers.areInState { removeLeftovers() }
    }
    /// What killed commands left.
    public var leftoverFiles: [FilePath] { leftovers.paths }

    // MARK: Parts

    private var leftovers: Leftovers { Leftovers(folder: cacheFolder, places: places, repository: repository) }
    private var access: WriteAccess {
        WriteAccess(
            folder: cacheFolder, places: places, repository: repository, leftovers: leftovers,
            timeout: configuration.lockTimeout.map { $0 / .seconds(1) }, turn: turn, events: events)
    }
    private var objects: ObjectSource {
        ObjectSource(
            repository: repository, isOffline: configuration.isOffline, permission: places.permission, events: events)
    }
    private var staging: EntryStaging {
        EntryStaging(
            repository: repository, settings: configuration.git, objects: objects,
            teacher: GitTeacher(environment: environment, unfinished: places.unfinishedGitSetup, events: events))
    }
    private var preparation: EntryPreparation {
        EntryPreparation(
            inspector: inspector,
            resolver: ConflictResolver(
                repository: repository, folder: cacheFolder, store: entries, lockFile: lockFile, reader: reader,
                objects: objects, leavesPointers: configuration.git.worktree == .pointer, events: events),
            staging: staging)
    }
    private var restorer: EntryRestorer {
        EntryRestorer(
            repository: repository, versions: versions, store: entries, staging: staging, objects: objects,
            images: images, events: events)
    }
    private var builder: ImageBuilder {
        ImageBuilder(
            configuration: configuration, repository: repository, trust: trust, places: places, objects: objects,
            bases: bases, images: images,
            supply: StepSupply(
                offers: StepOffers(repository: repository, versions: versions, objects: objects),
                images: images, places: places, events: events), events: events)
    }
    private var saver: EntrySaver {
        let secrets = SecretSearch(allowsFound: configuration.allowsSecretInImage, events: events)
        return EntrySaver(
            repository: repository, store: entries, staging: staging, objects: objects, lockFile: lockFile,
            notebook: images.notebook, secrets: secrets, keeper: StepKeeper(secrets: secrets, events: events),
            scratch: places.scratch, events: events)
    }
}
