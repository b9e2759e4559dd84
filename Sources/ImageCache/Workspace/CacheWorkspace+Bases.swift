import Configuration
import DockerfileRecipe
import Engines
import OCI
import Registry
import SystemCalls

extension CacheWorkspace {
    /// The base images of some images.
    ///
    /// Without an engine on this machine, what the registries say is still told; everything is then absent.
    /// - Parameters:
    ///   - images: the images.
    ///   - updatesLock: whether the lock takes over what the engine has.
    ///   - asksRegistries: whether each tag's registry is asked what it stands for. With `updatesLock` the engine then
    ///     pulls what it lacks or has in another form than the registry; the entry of an image that could not be asked
    ///     for or pulled stays.
    public func bases(
        of images: [ImageDeclaration], updatesLock: Bool = false, asksRegistries: Bool = false
    ) async throws -> [BaseStatus] {
        guard updatesLock else {
            return try await lookUp(images, asksRegistries: asksRegistries, needsEngine: !asksRegistries).map(\.status)
        }
        return try await withLock {
            var found = try await lookUp(images, asksRegistries: asksRegistries, needsEngine: true)
            guard let first = images.first else { return [] }
            var lock = try baseLock(of: first).lock
            for index in found.indices {
                if asksRegistries { try await found[index].pullIfNeeded(try await engine(), events: events) }
                if found[index].failure == nil, let entry = found[index].held?.lockEntry,
                    entry.contentID != found[index].locked?.contentID
                {
                    lock[found[index].named.reference, found[index].named.platform] = entry
                    found[index].locked = entry
                }
            }
            try Files.createDirectories(folder)
            let path = paths(of: first).baseLock
            if try Files.readPlain(path) != lock.document { try Files.replace(path, with: lock.document) }
            return found.map(\.status)
        }
    }

    /// What tells base images apart, in whatever spelling they are written.
    private struct BaseKey: Hashable {
        let reference: ImageReference
        let platform: Platform
    }

    /// Looks all base images up in lock and engine, and where asked for on their registries, several at once.
    private func lookUp(
        _ images: [ImageDeclaration], asksRegistries: Bool, needsEngine: Bool
    ) async throws -> [BaseLookup] {
        let engine = try await engineIfThere(needed: needsEngine)
        var found: [BaseLookup] = []
        var seen: Set<BaseKey> = []
        for image in images {
            let lock = try baseLock(of: image).lock
            for base in try inputs(of: image).baseReferences
            where seen.insert(BaseKey(reference: base.reference, platform: base.platform)).inserted {
                found.append(
                    BaseLookup(
                        base, locked: lock[base.reference, base.platform],
                        held: try await engine?.image(base.written)))
            }
        }
        guard asksRegistries else { return found }
        let client = RegistryClient(environment: environment)
        return try await withThrowingTaskGroup(of: (Int, BaseLookup).self) { group in
            for (index, base) in found.enumerated() {
                group.addTask {
                    var base = base
                    try await base.askRegistry(client)
                    return (index, base)
                }
            }
            for try await (index, base) in group { found[index] = base }
            return found
        }
    }

    /// The engine; nil where this machine has none and none is needed.
    private func engineIfThere(needed: Bool) async throws -> Engine? {
        do {
            return try await engine()
        } catch {
            guard !needed, let failure = error as? EngineError, [.notFound, .unreachable].contains(failure.kind)
            else { throw error }
            events.detail("\(failure)")
            return nil
        }
    }
}
