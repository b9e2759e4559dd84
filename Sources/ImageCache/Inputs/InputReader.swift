import Configuration
import Context
import Git
import OCI
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
    /// The images that are declared, one of which may be the base of another.
    private let images: [ImageDeclaration]
    private let environment: [String: String]
    private let events: CacheEvents
    /// The warnings about inputs that were shown already.
    private var warned: Set<String> = []

    init(
        repository: Repository?, root: FilePath, folder: CacheFolder, places: StatePlaces, store: EntryStore,
        lockFile: BaseLockFile, images: [ImageDeclaration], environment: [String: String],
        events: CacheEvents
    ) {
        self.repository = repository
        self.root = root
        self.folder = folder
        self.places = places
        self.store = store
        self.lockFile = lockFile
        self.images = images
        self.environment = environment
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
            repository: repository, configurationFolder: root, cacheFolder: try folder.real() ?? folder.path,
            environment: environment)
        var known: [ImageName: DeclaredBase] = [:]
        return try recipe(of: image, reader, lock, above: [], &known)
    }

    /// Reads an image's recipe, those of declared base images before it (rule 56).
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - reader: Reads recipes.
    ///   - lock: The identities of other base images.
    ///   - above: The images that are made from this one, the nearest last.
    ///   - known: The declared base images that were read.
    private func recipe(
        of image: ImageDeclaration, _ reader: RecipeReader, _ lock: BaseLock, above: [ImageName],
        _ known: inout [ImageName: DeclaredBase]
    ) throws(InputsError) -> any Recipe {
        let above = above + [image.name]
        let recipe = try reader.recipe(of: image, lock: lock, caches: caches(for: image)) {
            base throws(InputsError) in
            guard let declaration = images.first(where: { $0.name.isMeant(by: base.written) }) else { return nil }
            try refuse(declaration, as: base, above)
            if let read = known[declaration.name] { return read }
            let read = DeclaredBase(try self.recipe(of: declaration, reader, lock, above: above, &known).inputs)
            known[declaration.name] = read
            return read
        }
        for warning in recipe.inputs.warnings where warned.insert("\(image.name): \(warning)").inserted {
            events.warning("\(image.name): \(warning)", nil)
        }
        return recipe
    }

    /// Refuses a declared base image that cannot be one.
    private func refuse(_ image: ImageDeclaration, as base: NamedBase, _ above: [ImageName]) throws(InputsError) {
        let start = "cannot use \(image.name) as a base image (\(base.place)): "
        if let index = above.firstIndex(of: image.name) {
            let between = above[index...].dropFirst().map(\.description).joined(separator: ", which is made from ")
            if between.isEmpty {
                throw InputsError(
                    .recipe, start + "it is the image itself",
                    hint: "write \(image.name.registrySpelling) for the one of the registry")
            }
            throw InputsError(.recipe, start + "it is made from \(between) itself")
        }
        if image.platform != base.platform {
            throw InputsError(
                .recipe, start + "it is declared for \(image.platform), the build asks for \(base.platform)")
        }
    }

    /// Where digests are remembered.
    private func caches(for image: ImageDeclaration) -> InputCaches {
        var caches = InputCaches(
            stat: places.statCache, memo: places.memo, records: [store.paths(of: image).record], shelf: store.shelf)
        caches.permission = places.permission
        return caches
    }
}
