import Configuration
import DockerfileRecipe
import Engines
import OCI
import Records
import SystemCalls
import SystemPackage

extension CacheWorkspace {
    /// Builds an image whatever its key says, stores and stages it.
    public func build(_ image: ImageDeclaration) async throws -> Outcome {
        let start = ContinuousClock.now
        try requireName(of: image)
        if !image.isCached { return try await buildUncached(image, start: start) }
        return try await withLock {
            try resolveConflicts(of: image)
            try prepareAttributes(for: image)
            let inspection = try inspect(image)
            return try await buildAndStore(inspection, start: start)
        }
    }

    /// Builds an image that is never stored (`cache: false`).
    func buildUncached(_ image: ImageDeclaration, start: ContinuousClock.Instant) async throws -> Outcome {
        try await withLock {
            let inputs = try inputs(of: image)
            let made = try await make(image, inputs, reasons: [])
            note(
                image: made.image.imageID, engineID: made.image.digest, in: try await engine(), key: made.inputs.key)
            return Outcome(
                image: image.name, action: .built, key: made.inputs.key,
                imageID: made.image.imageID, duration: .now - start, reasons: [],
                bytesSent: 0, stagingFailure: nil)
        }
    }

    /// Builds an image and stores it.
    func buildAndStore(
        _ inspection: EntryInspection, start: ContinuousClock.Instant
    ) async throws -> Outcome {
        // What storing and staging need is asked for before a build that takes minutes.
        try SharedLibrary.archive.load()
        if repository != nil { try SharedLibrary.git2.load() }
        let made = try await make(inspection.image, inspection.inputs, reasons: inspection.reasons)
        return try await store(
            made.image, from: try await engine(), inputs: made.inputs, over: inspection, lock: made.lock,
            origin: .built, buildTime: made.duration, start: start)
    }

    /// What a build left behind.
    struct Made {
        var image: EngineImage
        /// The inputs as they were staged, under the lock after the build.
        var inputs: ImageInputs
        var lock: BaseLock
        var duration: Duration
    }

    /// Stages the canonical context, has the engine build from it, and checks what came out.
    func make(_ image: ImageDeclaration, _ inputs: ImageInputs, reasons: [Reason]) async throws -> Made {
        try trust.require([configuration.buildQuestion(about: image)].compactMap { $0 })
        try refuseAbsentContexts(of: image)
        let context = try await stageContext(inputs)
        defer { context.remove() }
        let engine = try await engine()
        seen[image.name] = nil
        let holder = try await prepareName(of: image.name, in: engine)
        let lock = try baseLock(of: image).lock
        let bases = try await BaseResolution.resolve(context.inputs, lock: lock, engine: engine, workspace: self)
        var usesCache = configuration.usesEngineCache
        let isMisled = reasons.contains(where: \.distrustsStepCache) || bases.hasMoved
        if isMisled, !engine.dialect.hasExactStepCache { usesCache = false }
        while true {
            var request = BuildRequest(
                context: context.directory, dockerfile: context.inputs.dockerfileBytes,
                legacyDockerfile: try context.inputs.legacyDockerfile(), name: image.name, scratch: scratchFolder)
            request.target = image.target
            request.platform = image.declaredPlatform
            let arguments = image.arguments.sorted { $0.key < $1.key }
            for (name, value) in arguments {
                if image.secretArguments.contains(name) {
                    request.secretArguments.append((name, value))
                } else {
                    request.arguments.append((name, value))
                }
            }
            request.secrets = image.secrets.map { BuildRequest.Secret($0) }
            request.labels = image.labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            let options = EngineOptions(image.buildOptions, of: .build, root: configuration.root)
            (request.options, request.optionPaths) = (options.words, options.relativePaths)
            request.heredoc = context.inputs.heredoc
            request.bases = bases.replacements
            request.noCache = !usesCache
            request.offline = configuration.isOffline
            // Another member of the team may have left one that only its owner can write.
            _ = try? Files.remove(logPath(of: image))
            state.prepare(logPath(of: image))
            request.logFile = logPath(of: image)
            let begin = ContinuousClock.now
            events.detail("building \(image.name) with \(engine.name)")
            defer { events.buildEnded() }
            let result = try await engine.build(request) { [events] in events.engineOutput(Array(($0 + "\n").utf8)) }
            let duration = ContinuousClock.now - begin
            events.detail("\(result.builder): \(result.reusedSteps) of \(result.steps) steps reused")
            guard let built = try await engine.image(result.id) else {
                throw CacheError.imageNotInEngine(image: image.name.description, engine: engine.name)
            }
            noteMove(of: image.name, from: holder, to: built.id, in: engine)
            let newLock = try await bases.lock(after: engine)
            let inputs = try context.inputs.relocked(newLock, repository: repository)
            let differences = inputs.differences(from: built.runtime)
            if differences.isEmpty {
                return Made(image: built, inputs: inputs, lock: newLock, duration: duration)
            }
            // The engine took a step from its cache that does not belong here; once more without it (rule 44).
            if !usesCache {
                throw CacheError.unexpectedConfiguration(image: image.name.description, differences: differences)
            }
            events.note("\(engine.name) used a stale step (\(differences[0])): building without its cache")
            usesCache = false
        }
    }

    /// Refuses additional build contexts, which the engine takes from the work tree, where Git's files are absent.
    private func refuseAbsentContexts(of image: ImageDeclaration) throws {
        guard let repository else { return }
        for (position, option) in image.buildOptions.enumerated() where option.hasPrefix("--build-context") {
            let value =
                option == "--build-context"
                ? image.buildOptions.dropFirst(position + 1).first ?? ""
                : String(option.dropFirst("--build-context=".count))
            guard let separator = value.firstIndex(of: "=") else { continue }
            let path = FilePath(String(value[value.index(after: separator)...]))
            // What is no folder here (an image, a URL) has none that could be tracked.
            if let refusal = try InputsError.absence(
                below: configuration.root.pushing(path).lexicallyNormalized(), in: repository,
                root: repository.workTree ?? configuration.root)
            {
                throw refusal
            }
        }
    }

    /// Writes the canonical context; LFS objects that it needs and that are not at hand are fetched.
    private func stageContext(_ inputs: ImageInputs) async throws -> CanonicalContext {
        try Files.createDirectories(scratchFolder)
        do {
            return try CanonicalContext.stage(inputs, in: contextFolder, object: localObject)
        } catch {
            guard case .missingObjects(let objects) = error.kind else { throw error }
            try await fetch(objects)
            return try CanonicalContext.stage(inputs, in: contextFolder, object: localObject)
        }
    }
}
