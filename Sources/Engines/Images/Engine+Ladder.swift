import FoundationEssentials
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// An image among those that an engine made step by step, and the one that it was made from.
public struct StepLink: Hashable, Sendable {
    /// The image's ID.
    public let id: SHA256Digest
    /// The image below it, where the engine tells it.
    public let parent: SHA256Digest?

    /// Describes an image.
    public init(id: SHA256Digest, parent: SHA256Digest? = nil) {
        self.id = id
        self.parent = parent
    }
}

extension Engine {
    /// The most images between a base image and one that was made from it.
    private static let ladderLimit = 1000

    /// The images that led to others, step by step, these included; in no order.
    ///
    /// docker tells of each image from which it was made. podman and buildah look for images whose history and layers are the
    /// beginning of another's, so these are the ones that count with them.
    ///
    /// - Parameters:
    ///   - tops: The images at which ladders end.
    ///   - bases: Images below which nothing is looked for; they are included where a ladder begins with one.
    public func ladder(to tops: [SHA256Digest], from bases: Set<SHA256Digest>) async throws -> [StepLink] {
        if dialect.images.storeRecords != nil {
            // Through a service the store cannot be read.
            return try await storeRecord { Self.ladder(to: tops, from: bases, in: $0) } ?? []
        }
        var links: [SHA256Digest: StepLink] = [:]
        for top in tops {
            var next: SHA256Digest? = top
            while let id = next, links[id] == nil, links.count < Self.ladderLimit {
                let parent = bases.contains(id) ? nil : try await image(id.hexadecimal)?.parent
                links[id] = StepLink(id: id, parent: parent)
                next = parent
            }
        }
        return Array(links.values)
    }

    /// Looks through the records of a store of podman and buildah; nil where they cannot be read.
    private static func ladder(
        to tops: [SHA256Digest], from bases: Set<SHA256Digest>, in records: FilePath
    ) -> [StepLink]? {
        guard let ids = storedIDs(in: records) else { return nil }
        let ends = tops.compactMap { config($0, in: records) }
        let floor = bases.compactMap { config($0, in: records) }
        var links: [StepLink] = []
        for id in ids {
            guard links.count < ladderLimit, let config = config(id, in: records) else { continue }
            let isStep = ends.contains { end in
                config.digest == end.digest || (config.leads(to: end) && floor.allSatisfy { !config.leads(to: $0) })
            }
            if isStep { links.append(StepLink(id: id)) }
        }
        return links
    }

    /// The configs of images in the engine's store, byte for byte; nil where it cannot be read, or lacks one.
    public func storedConfigs(_ ids: [SHA256Digest]) async throws -> [ImageConfig]? {
        guard dialect.images.storeRecords != nil else { return nil }
        return try await storeRecord { records in
            let configs = ids.compactMap { Self.config($0, in: records) }
            return configs.count == ids.count ? configs : nil
        }
    }

    /// Those of these images that the engine has.
    public func present(_ ids: [SHA256Digest]) async throws -> Set<SHA256Digest> {
        if ids.isEmpty { return [] }
        if let stored = try await storeRecord({ Self.storedIDs(in: $0) }) { return Set(stored).intersection(ids) }
        return Set(try await inspect(ids.map(\.hexadecimal)).map(\.digest)).intersection(ids)
    }

    /// The images in a store of podman and buildah.
    private static func storedIDs(in records: FilePath) -> [SHA256Digest]? { storedImages(in: records)?.map(\.id) }

    /// The same, and whether each has a name.
    static func storedImages(in records: FilePath) -> [(id: SHA256Digest, isNamed: Bool)]? {
        let path = records.withSuffix("-images").appending("images.json")
        guard let bytes = (try? Files.readPlain(path, limit: 64 << 20)) ?? nil,
            let list = (try? JSONValue(parsing: bytes, limits: .localProgram))?.array
        else { return nil }
        return list.compactMap { entry in
            guard let id = entry["id"]?.string.flatMap({ SHA256Digest(imageID: $0) }) else { return nil }
            return (id, entry["names"]?.array?.isEmpty == false)
        }
    }

    /// The config of an image in such a store; nil where it is not there, or not what its name says.
    static func config(_ id: SHA256Digest, in records: FilePath) -> ImageConfig? {
        let name = "=" + Data(id.description.utf8).base64EncodedString()
        let path = records.withSuffix("-images").appending(id.hexadecimal).appending(name)
        guard let bytes = (try? Files.readPlain(path, limit: 4 << 20)) ?? nil,
            let config = try? ImageConfig(bytes: bytes), config.digest == id
        else { return nil }
        return config
    }
}

extension ImageConfig {
    /// Whether another image was made from this one: its history and its layers begin with those of this one.
    func leads(to other: ImageConfig) -> Bool {
        guard let own = json["history"]?.array, let all = other.json["history"]?.array, own.count < all.count else {
            return false
        }
        return all.starts(with: own) && other.diffIDs.starts(with: diffIDs)
    }
}
