import Context
import Engines
import OCI
import Records

/// Which base images a build uses, and what the lock says of them afterwards (docs/design.md, "How `update` flows").
struct BaseResolution {
    /// A base image of the build.
    private struct Base {
        let named: ImageInputs.Base
        /// What the engine has under this name; nil where the build has to pull it.
        var held: EngineImage?
        /// The engine's id of the locked image, where the reference now names another one.
        var replacement: String?
    }

    private var bases: [Base] = []
    /// Names that base images got for this build alone.
    private var lent: [(name: ImageName, id: String)] = []
    private let before: BaseLock
    /// Whether the build uses another image than the lock names.
    private(set) var hasMoved = false

    /// Finds the locked base images in the engine, pulling what is missing unless offline.
    static func resolve(
        _ images: [ImageInputs.Base], lock: BaseLock, engine: Engine, isOffline: Bool, events: CacheEvents
    ) async throws -> BaseResolution {
        var resolution = BaseResolution(before: lock)
        for named in images {
            var base = Base(named: named)
            let written = named.written
            if let name = named.declared {
                // It was brought up to date before; no lock names it.
                let held = try await engine.image(named: name)
                if engine.dialect.takesReplacedBase { base.replacement = held?.id }
                resolution.bases.append(base)
                continue
            }
            var held = try await engine.image(written)
            let locked = lock[named.reference, named.platform]
            if held == nil, let locked, let image = try await known(locked, in: engine) {
                // It is here without its name, as one that was loaded for this build.
                if engine.dialect.takesReplacedBase {
                    base.replacement = image.id
                    resolution.bases.append(base)
                    continue
                }
                if let name = try? ImageName(written) {
                    try await engine.tag(image.id, as: name)
                    resolution.lent.append((name, image.id))
                    held = image
                }
            }
            if held == nil, !isOffline {
                events.detail("pulling base image \(written)")
                // A base that cannot be pulled shows in the build, with the engine's own words.
                held = try? await engine.pull(written, platform: named.platform)
            }
            if let locked, held?.lockEntry.contentID != locked.contentID {
                // Builders that take no other image in place of a reference use what the reference names.
                if engine.dialect.takesReplacedBase,
                    let id = try await find(locked, named, engine, isOffline: isOffline)
                {
                    base.replacement = id
                    if held != nil {
                        events.warning(
                            "the local base image \(written) differs from the locked one; the build uses the locked one",
                            "cache-image bases --update takes over the local one")
                    }
                } else {
                    resolution.hasMoved = true
                    let text =
                        "base-moved: \(written) is not the locked image; the build uses what this name stands for now"
                    if held == nil { events.note(text) } else { events.warning(text, nil) }
                }
            }
            base.held = held
            resolution.bases.append(base)
        }
        return resolution
    }

    private init(before: BaseLock) {
        self.before = before
    }

    /// The locked image, where the engine has it under whatever name.
    private static func known(_ locked: BaseLock.Entry, in engine: Engine) async throws -> EngineImage? {
        guard let image = try await engine.image(locked.config.hexadecimal),
            image.lockEntry.contentID == locked.contentID
        else { return nil }
        return image
    }

    /// The engine's id of the locked image, under whatever name, pulled by its manifest digest if need be.
    private static func find(
        _ locked: BaseLock.Entry, _ named: ImageInputs.Base, _ engine: Engine, isOffline: Bool
    ) async throws -> String? {
        if let image = try await known(locked, in: engine) { return image.id }
        guard let manifest = locked.manifest, !isOffline else { return nil }
        let pinned = named.reference.pinned(to: manifest)
        guard let pulled = try? await engine.pull(pinned.description, platform: named.platform),
            pulled.lockEntry.contentID == locked.contentID
        else { return nil }
        return pulled.id
    }

    /// The images to use in place of what references name now: by the reference as written, the engine's id.
    var replacements: [String: String] {
        var result: [String: String] = [:]
        for base in bases { result[base.named.written] = base.replacement }
        return result
    }

    /// Takes back the names that base images got for the build.
    func takeBack(from engine: Engine, _ events: CacheEvents) async {
        for (name, id) in lent {
            do {
                // Somebody may have given the name to another image meanwhile: that is theirs.
                if try await engine.image(named: name)?.id == id { try await engine.untag(name) }
            } catch { events.detail("\(error)") }
        }
    }

    /// The images that a build used, by the full references that name them.
    func used(by engine: Engine) async throws -> [(reference: String, image: EngineImage)] {
        var used: [(reference: String, image: EngineImage)] = []
        for base in bases {
            var image = base.held
            if let id = base.replacement { image = try await engine.image(id) }
            if image == nil { image = try await engine.image(base.named.written) }
            if let image { used.append((base.named.reference.description, image)) }
        }
        return used
    }

    /// The lock after a build: entries of new and moved bases are those of the images that were used.
    func lock(after engine: Engine) async throws -> BaseLock {
        var lock = before
        for base in bases where base.replacement == nil && base.named.declared == nil {
            // Only what the build pulled itself is not known yet.
            var held = base.held
            if held == nil { held = try await engine.image(base.named.written) }
            guard let held else { continue }
            let entry = held.lockEntry
            if lock[base.named.reference, base.named.platform]?.contentID != entry.contentID {
                lock[base.named.reference, base.named.platform] = entry
            }
        }
        return lock
    }
}

extension EngineImage {
    /// What a lock records of this image.
    var lockEntry: BaseLock.Entry {
        BaseLock.Entry(
            manifest: manifestDigest, imageID: imageID, diffIDs: diffIDs, contentID: contentID, runtime: runtime)
    }
}
