import Configuration
import Engines
import Inputs
import JSON
import SystemCalls

/// A base image of some declared images: what the lock says of it, and what the engine has.
public struct BaseStatus: Sendable {
    /// How lock and engine stand to each other.
    public enum State: String, Sendable {
        /// The engine has the locked image.
        case locked
        /// The lock does not name it.
        case unlocked
        /// The engine has another image under this name.
        case moved
        /// The engine does not have it.
        case absent
    }

    /// The normalised reference.
    public let reference: String
    /// `OS/ARCH[/VARIANT]`.
    public let platform: String
    /// The locked content id, 64 hexadecimal digits; nil where the lock does not name the image.
    public let locked: String?
    /// The content id of the engine's image; nil where it has none.
    public let present: String?
    /// How they stand to each other.
    public let state: State

    /// The object of `--json`.
    public var json: JSONValue {
        [
            "reference": .string(reference), "platform": .string(platform),
            "locked": locked.map { .string($0) } ?? .null, "present": present.map { .string($0) } ?? .null,
            "state": .string(state.rawValue),
        ]
    }
}

extension CacheWorkspace {
    /// The base images of some images.
    ///
    /// - Parameters:
    ///   - images: the images.
    ///   - updatesLock: whether the lock takes over what the engine has.
    ///   - pulls: whether each base image is fetched from its registry first, which shows whether a tag moved there.
    public func bases(
        of images: [ImageDeclaration], updatesLock: Bool = false, pulls: Bool = false
    ) async throws -> [BaseStatus] {
        guard updatesLock else { return try await bases(of: images, pulls: pulls).map(\.status) }
        return try await withLock {
            let found = try await bases(of: images, pulls: pulls)
            guard let first = images.first else { return [] }
            var lock = try baseLock(of: first).lock
            for base in found {
                if let entry = base.entry, entry.contentID != base.status.locked {
                    lock[base.status.reference, base.status.platform] = entry
                }
            }
            try Files.createDirectories(folder)
            let path = paths(of: first).baseLock
            if try Files.read(path) != lock.document { try Files.replace(path, with: lock.document) }
            return try await bases(of: images, pulls: false).map(\.status)
        }
    }

    private func bases(
        of images: [ImageDeclaration], pulls: Bool
    ) async throws -> [(status: BaseStatus, entry: BaseLock.Entry?)] {
        var found: [(status: BaseStatus, entry: BaseLock.Entry?)] = []
        var seen: Set<String> = []
        let engine = try engine()
        for image in images {
            let lock = try baseLock(of: image).lock
            for base in try inputs(of: image).baseReferences
            where seen.insert("\(base.reference) \(base.platform)").inserted {
                if pulls {
                    do {
                        _ = try await engine.pull(base.written, platform: base.platform)
                    } catch let error as EngineError {
                        events.warning("\(error)", nil)
                    }
                }
                let held = try await engine.image(base.written)
                let entry = held?.lockEntry
                let locked = lock[base.reference, base.platform]?.contentID
                let state: BaseStatus.State =
                    entry == nil ? .absent : locked == nil ? .unlocked : locked == entry?.contentID ? .locked : .moved
                let status = BaseStatus(
                    reference: base.reference, platform: base.platform, locked: locked, present: entry?.contentID,
                    state: state)
                found.append((status, entry))
            }
        }
        return found
    }
}
