import Hashing
import JSON
import SystemCalls

/// What a record says of the steps archive beside an archive: which images a rebuild can reuse, and who made them.
public struct StepsRecord: Hashable, Sendable {
    /// The form of the steps archive, and of the context that its steps were made from; others are not used.
    public static let currentFormat = 1

    /// The form.
    public var format = currentFormat
    /// The digest of the steps archive: its LFS object id.
    public var archiveDigest: SHA256Digest
    /// The bytes of the steps archive.
    public var archiveSize: Size
    /// Who made the steps: `podman`, `buildah`, `docker legacy` or `docker buildkit`.
    public var builder: String
    /// The engine with its version, such as `podman 4.3.1`.
    public var engine: String
    /// The base images among the images, by their full references.
    public var bases: [String: SHA256Digest]
    /// The IDs of all images, the image itself included, in the order of the steps archive.
    public var images: [SHA256Digest]

    /// Describes a steps archive.
    public init(
        archiveDigest: SHA256Digest, archiveSize: Size, builder: String, engine: String,
        bases: [String: SHA256Digest], images: [SHA256Digest]
    ) {
        self.archiveDigest = archiveDigest
        self.archiveSize = archiveSize
        self.builder = builder
        self.engine = engine
        self.bases = bases
        self.images = images
    }
}

extension StepsRecord {
    /// The member `steps` of `provenance`.
    public var json: JSONValue {
        [
            "format": .integer(Int64(format)),
            "archive": ["sha256": .string(archiveDigest.hexadecimal), "size": .integer(archiveSize.bytes)],
            "builder": .string(builder), "engine": .string(engine),
            "bases": .map(bases.mapValues { .string($0.description) }), "images": .strings(images.map(\.description)),
        ]
    }

    /// Reads the member `steps`; nil where it is of another form, or not in order.
    public init?(_ json: JSONValue) {
        guard json["format"]?.integer == Int64(Self.currentFormat),
            let digest = json["archive"]?["sha256"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
            let size = json["archive"]?["size"]?.integer, size > 0, let builder = json["builder"]?.string,
            let engine = json["engine"]?.string, let list = json["images"]?.array
        else { return nil }
        let images = list.compactMap { $0.string.flatMap { SHA256Digest($0) } }
        guard images.count == list.count else { return nil }
        self.init(
            archiveDigest: digest, archiveSize: Size(size), builder: builder, engine: engine, bases: [:], images: images
        )
        for member in json["bases"]?.members ?? [] {
            guard let id = member.value.string.flatMap({ SHA256Digest($0) }) else { return nil }
            bases[member.name] = id
        }
    }
}
