import Configuration
import Context
import Engines
import Git
import OCI
import Recipes
import Records
import SystemCalls
import SystemPackage

/// Makes images, whatever their recipe, in phases: stage what they are made of, bring in steps that may be reused, settle
/// the base images, build, check, and tell what a rebuild can reuse.
struct ImageBuilder {
    let configuration: ProjectConfiguration
    let repository: Repository?
    let trust: TrustGate
    let places: StatePlaces
    let objects: ObjectSource
    let bases: BaseImages
    let images: EngineImages
    let supply: StepSupply
    let events: CacheEvents

    /// What a build left behind.
    struct Made {
        var image: EngineImage
        /// The inputs as they were staged, under the lock after the build.
        var inputs: ImageInputs
        var lock: BaseLock
        var duration: Duration
        var steps: StepCount
        /// What a rebuild can reuse; nil where nothing is to be kept.
        var material: StepMaterial?
        /// Bytes that the engine was given before.
        var bytesSent: Int64 = 0
    }

    /// Makes an image.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - recipe: Its recipe.
    ///   - reasons: Why it is made.
    ///   - inspection: Its entry, whose steps may be reused; nil where it has none.
    ///   - use: Does what is to be done with the image while all that it was made of is in the engine.
    func make<Result>(
        _ image: ImageDeclaration, _ recipe: any Recipe, reasons: [Reason], over inspection: EntryInspection? = nil,
        _ use: (Made) async throws -> Result
    ) async throws -> Result {
        try recipe.checkMachine()
        let questions = [
            configuration.buildQuestion(about: image), configuration.recipeQuestion(about: image, recipe.wishes),
        ]
        try trust.require(questions.compactMap { $0 })
        let staged = try await stage(recipe)
        defer { staged.remove() }
        let engine = try await images.source.engine()
        images.forget(image.name)
        let holder = try await images.names.prepare(image.name, in: engine)
        var order = order(image)
        order.usesStepCache = trustsStepCache(
            of: engine, isMisled: staged.hasBlindSteps || reasons.contains(where: \.distrustsStepCache))
        var supplied = StepSupply.Supplied()
        if let inspection {
            supplied = try await supply.supply(
                inspection, staged.inputs, to: engine, reusesSteps: order.usesStepCache)
        }
        order.cacheSources = supplied.cacheSources
        var newest: EngineImage?
        do {
            let result = try await make(image, staged, order, over: holder, in: engine) { made in
                var made = made
                newest = made.image
                // One step alone may be missed by other faults of BuildKit.
                if made.steps.reused == 0, supplied.shared > 1 {
                    events.note(
                        "\(engine.name) reused none of \(supplied.shared) steps of \(image.name) that are still valid;"
                            + " some versions of Docker, such as 27.0, lose them")
                }
                made.bytesSent = supplied.bytesSent
                return try await use(made)
            }
            await supply.takeBack(supplied, from: engine, after: newest)
            return result
        } catch {
            await supply.takeBack(supplied, from: engine, after: newest)
            throw error
        }
    }

    /// Settles the base images, and makes the image of them.
    private func make<Result>(
        _ image: ImageDeclaration, _ staged: any StagedRecipe, _ order: BuildOrder, over holder: EngineImage?,
        in engine: Engine, _ use: (Made) async throws -> Result
    ) async throws -> Result {
        let settled = try await bases.settle(staged.inputs, in: engine)
        do {
            let result = try await use(try await make(image, staged, order, settled, over: holder, in: engine))
            await settled.takeBack(from: engine, events)
            return result
        } catch {
            await settled.takeBack(from: engine, events)
            throw error
        }
    }

    private func make(
        _ image: ImageDeclaration, _ staged: any StagedRecipe, _ order: BuildOrder, _ settled: BaseResolution,
        over holder: EngineImage?, in engine: Engine
    ) async throws -> Made {
        var order = order
        order.bases = settled.replacements
        if !trustsStepCache(of: engine, isMisled: settled.hasMoved) { order.usesStepCache = false }
        while true {
            let built = try await build(staged, order, in: engine)
            images.names.noteMove(of: image.name, from: holder, to: built.image.id, in: engine)
            let lock = try await settled.lock(after: engine)
            let made = try staged.relocked(lock, repository: repository)
            let differences = made.differences(from: built.image.runtime)
            let foreign = made.inputs.foreignPlatform(built.image.platform)
            if differences.isEmpty, foreign == nil {
                try made.keep()
                return Made(
                    image: built.image, inputs: made.inputs, lock: lock, duration: built.duration,
                    steps: StepCount(total: built.result.steps, reused: built.result.reusedSteps),
                    material: try await material(
                        of: image, staged, order, settled, builder: built.result.builder, in: engine))
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
    private func order(_ image: ImageDeclaration) -> BuildOrder {
        var order = BuildOrder(
            name: image.name, scratch: places.scratch, log: places.log(of: image.stem), bases: [:],
            isOffline: configuration.isOffline)
        order.keepsSteps = image.isCached && image.steps != .none
        return order
    }

    /// Whether the engine may take steps from its cache: not those that it takes by mistake.
    private func trustsStepCache(of engine: Engine, isMisled: Bool) -> Bool {
        configuration.usesEngineCache && (!isMisled || engine.dialect.hasExactStepCache)
    }

    /// Builds once.
    private func build(
        _ staged: any StagedRecipe, _ order: BuildOrder, in engine: Engine
    ) async throws -> (image: EngineImage, duration: Duration, result: BuildResult) {
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
        if result.reusedSteps > 0 {
            events.note("\(order.name): reused \(result.reusedSteps) of \(result.steps) steps")
        }
        guard let built = try await engine.image(result.id) else {
            throw CacheError.imageNotInEngine(image: order.name.description, engine: engine.name)
        }
        return (built, duration, result)
    }

    /// What a rebuild can reuse of a build that went well; nil where nothing is to be kept.
    private func material(
        of image: ImageDeclaration, _ staged: any StagedRecipe, _ order: BuildOrder, _ settled: BaseResolution,
        builder: String, in engine: Engine
    ) async throws -> StepMaterial? {
        guard image.isCached else { return nil }
        let used = image.steps == .none ? [] : try await settled.used(by: engine)
        let bases = used.compactMap { reference, base in
            base.configDigest.map { StepMaterial.Base(reference: reference, id: $0, diffIDs: base.diffIDs) }
        }
        var material = StepMaterial(builder: builder, bases: bases, mode: image.steps)
        guard image.steps == .all else { return material }
        // Their steps are in the engine's cache now, so this runs none.
        for stage in staged.furtherStages {
            var order = order
            (order.stage, order.usesStepCache) = (stage, true)
            do {
                material.stages.append(try await staged.make(order, in: engine) { _ in }.digest)
            } catch let error as CancellationError {
                throw error
            } catch {
                events.detail("no steps of stage \(stage) are kept: \(error)")
            }
        }
        return material
    }
}
