import Configuration
import Context
import Engines
import Git
import OCI
import Recipes
import Records
import SystemCalls
import SystemPackage

/// Makes images, whatever their recipe, in phases: stage what they are made of, settle the base images, build, check.
///
/// Steps that may be reused belong between the base images and the build, and what is left of them to be kept between
/// the build and the check.
struct ImageBuilder {
    let configuration: ProjectConfiguration
    let repository: Repository?
    let trust: TrustGate
    let places: StatePlaces
    let objects: ObjectSource
    let bases: BaseImages
    let images: EngineImages
    let events: CacheEvents

    /// What a build left behind.
    struct Made {
        var image: EngineImage
        /// The inputs as they were staged, under the lock after the build.
        var inputs: ImageInputs
        var lock: BaseLock
        var duration: Duration
    }

    /// Makes an image.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - recipe: Its recipe.
    ///   - reasons: Why it is made.
    func make(_ image: ImageDeclaration, _ recipe: any Recipe, reasons: [Reason]) async throws -> Made {
        try trust.require([configuration.buildQuestion(about: image)].compactMap { $0 })
        let staged = try await stage(recipe)
        defer { staged.remove() }
        let engine = try await images.source.engine()
        images.forget(image.name)
        let holder = try await images.names.prepare(image.name, in: engine)
        let settled = try await bases.settle(staged.inputs, in: engine)
        var order = order(image, settled)
        order.usesStepCache = trustsStepCache(of: engine, reasons, settled)
        while true {
            let built = try await build(staged, order, in: engine)
            images.names.noteMove(of: image.name, from: holder, to: built.image.id, in: engine)
            let lock = try await settled.lock(after: engine)
            let made = try staged.relocked(lock, repository: repository)
            let differences = made.differences(from: built.image.runtime)
            let foreign = made.inputs.foreignPlatform(built.image.platform)
            if differences.isEmpty, foreign == nil {
                return Made(image: built.image, inputs: made.inputs, lock: lock, duration: built.duration)
            }
            // The engine took a step from its cache that does not belong here; once more without it (rule 44).
            if !order.usesStepCache {
                if let foreign {
                    throw CacheError.foreignPlatform(
                        verb: "store", object: image.name.description, found: foreign,
                        expected: made.inputs.imagePlatform)
                }
                throw CacheError.unexpectedConfiguration(image: image.name.description, differences: differences)
            }
            let fault = foreign.map { "it is for \($0)" } ?? differences.first ?? ""
            events.note("\(engine.name) used a stale step (\(fault)): building without its cache")
            order.usesStepCache = false
        }
    }

    /// Brings what the image is made of into a fresh folder; LFS objects that it needs and that are not at hand are
    /// fetched.
    private func stage(_ recipe: any Recipe) async throws -> any StagedRecipe {
        try Files.createDirectories(places.scratch)
        do {
            return try recipe.stage(in: places.contexts, repository: repository, object: objects.local)
        } catch {
            guard case .missingObjects(let missing) = error.kind else { throw error }
            try await objects.fetch(missing)
            return try recipe.stage(in: places.contexts, repository: repository, object: objects.local)
        }
    }

    /// What the cache wants of the build.
    private func order(_ image: ImageDeclaration, _ settled: BaseResolution) -> BuildOrder {
        BuildOrder(
            name: image.name, scratch: places.scratch, log: places.log(of: image.stem), bases: settled.replacements,
            isOffline: configuration.isOffline)
    }

    /// Whether the engine may take steps from its cache: not those that it takes by mistake.
    private func trustsStepCache(of engine: Engine, _ reasons: [Reason], _ settled: BaseResolution) -> Bool {
        guard configuration.usesEngineCache else { return false }
        let isMisled = reasons.contains(where: \.distrustsStepCache) || settled.hasMoved
        return !isMisled || engine.dialect.hasExactStepCache
    }

    /// Builds once.
    private func build(
        _ staged: any StagedRecipe, _ order: BuildOrder, in engine: Engine
    ) async throws -> (image: EngineImage, duration: Duration) {
        // Another member of the team may have left one that only its owner can write.
        _ = try? Files.remove(order.log)
        places.prepare(order.log)
        let begin = ContinuousClock.now
        events.detail("building \(order.name) with \(engine.name)")
        defer { events.buildEnded() }
        let result = try await staged.make(order, in: engine) { [events] in
            events.engineOutput(Array(($0 + "\n").utf8))
        }
        let duration = ContinuousClock.now - begin
        events.detail("\(result.builder): \(result.reusedSteps) of \(result.steps) steps reused")
        guard let built = try await engine.image(result.id) else {
            throw CacheError.imageNotInEngine(image: order.name.description, engine: engine.name)
        }
        return (built, duration)
    }
}
