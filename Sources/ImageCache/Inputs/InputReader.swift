import Configuration
import Context
import Git
import Recipes
import Records
import SystemCalls
import SystemPackage

/// Reads the present recipes of images, and says once what the user should know of them.
///
/// Not to be used from two tasks at once.
public final class InputReader {
    private let repository: Repository?
    private let root: FilePath
    private let folder: CacheFolder
    private let places: StatePlaces
    private let store: EntryStore
    private let lockFile: BaseLockFile
    private let events: CacheEvents
    /// The warnings about inputs that were shown already.
    private var warned: Set<String> = []

    init(
        repository: Repository?, root: FilePath, folder: CacheFolder, places: StatePlaces, store: EntryStore,
        lockFile: BaseLockFile, events: CacheEvents
    ) {
        self.repository = repository
        self.root = root
        self.folder = folder
        self.places = places
        self.store = store
        self.lockFile = lockFile
        self.events = events
    }

    /// The present recipe of an image, base images as the lock on disk has them.
    public func recipe(of image: ImageDeclaration) throws -> any Recipe {
        try recipe(of: image, lock: try lockFile.read().lock)
    }

    /// The present recipe of an image, base images as `lock` has them.
    func recipe(of image: ImageDeclaration, lock: BaseLock) throws -> any Recipe {
        // Behind a link, too, the cache is no input of itself.
        let reader = RecipeReader(
            repository: repository, configurationFolder: root, cacheFolder: try folder.real() ?? folder.path)
        let recipe = try reader.recipe(of: image, lock: lock, caches: caches(for: image))
        for warning in recipe.inputs.warnings where warned.insert("\(image.name): \(warning)").inserted {
            events.warning("\(image.name): \(warning)", nil)
        }
        return recipe
    }

    /// Where digests are remembered.
    private func caches(for image: ImageDeclaration) -> InputCaches {
        var caches = InputCaches(
            stat: places.statCache, memo: places.memo, records: [store.paths(of: image).record], shelf: store.shelf)
        caches.permission = places.permission
        return caches
    }
}
