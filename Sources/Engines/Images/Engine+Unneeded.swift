import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

extension Engine {
    /// The repository of the names that images of steps get while a build looks for them; a killed one leaves them.
    ///
    /// No registry can have a host of that name (RFC 2606): a builder that does not look here first finds nothing there.
    public static let stepsName = "cache-image.invalid/steps"

    /// Whether a name is one of these.
    package static func isStepsName(_ name: String) -> Bool { name.hasPrefix(stepsName + ":") }

    /// The most images that are looked at, to find those that no other needs.
    private static let imageLimit = 2000

    /// Those of some images that are here, have no name, and from which no other image grew, be it with or without a name.
    ///
    /// Whether a container uses one, the engine knows: it refuses to remove that.
    public func unneeded(of ids: [SHA256Digest]) async throws -> [SHA256Digest] {
        if ids.isEmpty { return [] }
        guard let needed = try await needed(of: Set(ids), namedOnes: true) else { return [] }
        let present = try await present(ids)
        return ids.filter { present.contains($0) && !needed.contains($0) }
    }

    /// Those of some images from which images grew that are not among them; nil where that cannot be told.
    ///
    /// - Parameters:
    ///   - ids: The images.
    ///   - namedOnes: Counts those that have a name, too, and what they grew from.
    package func needed(of ids: Set<SHA256Digest>, namedOnes: Bool = false) async throws -> Set<SHA256Digest>? {
        if dialect.images.storeRecords == nil { return try await neededByParents(of: ids, namedOnes) }
        return try await storeRecord { Self.needed(of: ids, namedOnes, in: $0) }
    }

    /// Looks through the records of a store of podman and buildah; nil where they cannot be read.
    private static func needed(
        of ids: Set<SHA256Digest>, _ namedOnes: Bool, in records: FilePath
    ) -> Set<SHA256Digest>? {
        guard let stored = storedImages(in: records) else { return nil }
        // Where there are too many to look at, any may be needed.
        if stored.count > imageLimit { return ids }
        var needed = namedOnes ? Set(stored.filter(\.isNamed).map(\.id)).intersection(ids) : []
        let candidates = ids.compactMap { config($0, in: records) }
        for image in stored where namedOnes && image.isNamed || !ids.contains(image.id) {
            guard let config = config(image.id, in: records) else { continue }
            needed.formUnion(candidates.filter { $0.leads(to: config) }.map(\.digest))
        }
        return needed
    }

    /// Asks for all images and what each was made from.
    private func neededByParents(of ids: Set<SHA256Digest>, _ namedOnes: Bool) async throws -> Set<SHA256Digest> {
        let finished = try await ask(["image", "ls", "--all", "--quiet", "--no-trunc"])
        guard finished.isSuccess else { throw failure("list", "the images of \(name)", finished) }
        let all = Set(finished.lines.compactMap { SHA256Digest(imageID: $0.trimmed) })
        if all.count > Self.imageLimit { return ids }
        let images = try await inspect(all.union(ids).map(\.hexadecimal))
        let parents = Dictionary(images.map { ($0.digest, $0.parent) }) { first, _ in first }
        var needed: Set<SHA256Digest> = []
        for image in images where namedOnes && image.hasName || !ids.contains(image.digest) {
            var next: SHA256Digest? = image.digest
            while let id = next, needed.insert(id).inserted { next = parents[id] ?? nil }
        }
        return needed
    }
}

extension EngineImage {
    /// Whether it has a name that is not of a build alone.
    fileprivate var hasName: Bool { names.contains { !Engine.isStepsName($0) } }
}
