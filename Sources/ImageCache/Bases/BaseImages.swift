import Configuration
import Context
import Engines
import OCI
import Records
import Registry
import SystemCalls

/// The base images of declared ones: what the lock, the engine and the registries say of them.
public struct BaseImages {
    let lockFile: BaseLockFile
    let reader: InputReader
    let source: EngineSource
    let access: WriteAccess
    let environment: [String: String]
    let isOffline: Bool
    let events: CacheEvents

    /// The base images of some images that come from elsewhere.
    ///
    /// Without an engine on this machine, what the registries say is still told; everything is then absent.
    /// - Parameters:
    ///   - images: the images.
    ///   - updatesLock: whether the lock takes over what the engine has.
    ///   - asksRegistries: whether each tag's registry is asked what it stands for. With `updatesLock` the engine then
    ///     pulls what it lacks or has in another form than the registry; the entry of an image that could not be asked
    ///     for or pulled stays.
    public func statuses(
        of images: [ImageDeclaration], updatesLock: Bool = false, asksRegistries: Bool = false
    ) async throws -> [BaseStatus] {
        guard updatesLock else {
            return try await lookUp(images, asksRegistries: asksRegistries, needsEngine: !asksRegistries).map(\.status)
        }
        return try await access.run {
            var found = try await lookUp(images, asksRegistries: asksRegistries, needsEngine: true)
            if images.isEmpty { return [] }
            var lock = try lockFile.read().lock
            for index in found.indices {
                if asksRegistries { try await found[index].pullIfNeeded(try await source.engine(), events: events) }
                if found[index].failure == nil, let entry = found[index].held?.lockEntry,
                    entry.contentID != found[index].locked?.contentID
                {
                    lock[found[index].named.reference, found[index].named.platform] = entry
                    found[index].locked = entry
                }
            }
            try Files.createDirectories(access.folder.path)
            if try Files.readPlain(lockFile.path) != lock.document {
                try Files.replace(lockFile.path, with: lock.document)
            }
            return found.map(\.status)
        }
    }

    /// Finds the base images of a build in the engine: the locked ones, pulling what is missing unless offline.
    func settle(_ inputs: ImageInputs, in engine: Engine) async throws -> BaseResolution {
        try await BaseResolution.resolve(
            inputs.bases, lock: try lockFile.read().lock, engine: engine, isOffline: isOffline, events: events)
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
        let engine = needsEngine ? try await source.engine() : try await source.engineIfThere()
        var found: [BaseLookup] = []
        var seen: Set<BaseKey> = []
        for image in images {
            let lock = try lockFile.read().lock
            for base in try reader.recipe(of: image).inputs.bases
            where base.declared == nil
                && seen.insert(BaseKey(reference: base.reference, platform: base.platform)).inserted
            {
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
}
