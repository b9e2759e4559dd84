import Hashing
import JSON
import SystemCalls

/// Where an archive came from: everything in a record that is no input.
public struct Provenance: Hashable, Sendable {
    /// How the archive came into the cache.
    public enum Origin: String, Hashable, Sendable {
        case built, saved, imported
    }

    /// A layer of the archive.
    public struct Layer: Hashable, Sendable {
        /// The digest of the uncompressed layer.
        public var digest: SHA256Digest
        /// Its bytes.
        public var size: Size

        /// Names a layer.
        public init(digest: SHA256Digest, size: Size) {
            self.digest = digest
            self.size = size
        }
    }

    /// The digest of the image's config.
    public var imageID: SHA256Digest
    /// The archive's digest: its LFS object id.
    public var archiveDigest: SHA256Digest
    /// The archive's bytes.
    public var archiveSize: Size
    /// The layers, in manifest order.
    public var layers: [Layer]
    /// How the archive came into the cache.
    public var origin: Origin
    /// The engine and its version, such as `podman 4.3.1`.
    public var engine: String?
    /// Seconds that the build took.
    public var buildSeconds: Double?
    /// The commit that was checked out.
    public var commit: String?
    /// What stands beside the archive for rebuilds; nil for nothing.
    public var steps: StepsRecord?

    /// Records where an archive came from.
    public init(
        imageID: SHA256Digest, archiveDigest: SHA256Digest, archiveSize: Size, layers: [Layer], origin: Origin,
        engine: String? = nil, buildSeconds: Double? = nil, commit: String? = nil
    ) {
        self.imageID = imageID
        self.archiveDigest = archiveDigest
        self.archiveSize = archiveSize
        self.layers = layers
        self.origin = origin
        self.engine = engine
        self.buildSeconds = buildSeconds
        self.commit = commit
    }
}

extension Provenance {
    /// The member `provenance` of the document.
    public var json: JSONValue {
        let members: [JSONValue.Member] = [
            .init("imageID", .string(imageID.description)),
            .init(
                "archive", ["sha256": .string(archiveDigest.hexadecimal), "size": .integer(archiveSize.bytes)]),
            .init(
                "layers",
                .array(layers.map { ["digest": .string($0.digest.description), "size": .integer($0.size.bytes)] })),
            .init("origin", .string(origin.rawValue)),
            .init("engine", engine.map { .string($0) } ?? .null),
            .init("buildSeconds", buildSeconds.map { .number($0) } ?? .null),
            .init("commit", commit.map { .string($0) } ?? .null),
        ]
        return .object(members + (steps.map { [.init("steps", $0.json)] } ?? []))
    }

    /// Reads the member `provenance`; nil where it names no image and archive, or a digest that is none.
    public init?(_ json: JSONValue) {
        guard let imageID = json["imageID"]?.string.flatMap({ SHA256Digest($0) }),
            let digest = json["archive"]?["sha256"]?.string.flatMap({ SHA256Digest(hexadecimal: $0) }),
            let size = json["archive"]?["size"]?.integer, size >= 0,
            let origin = json["origin"]?.string.flatMap(Origin.init(rawValue:))
        else { return nil }
        self.init(imageID: imageID, archiveDigest: digest, archiveSize: Size(size), layers: [], origin: origin)
        for layer in json["layers"]?.array ?? [] {
            guard let digest = layer["digest"]?.string.flatMap({ SHA256Digest($0) }), let size = layer["size"]?.integer
            else { return nil }
            layers.append(Layer(digest: digest, size: Size(size)))
        }
        engine = json["engine"]?.string
        commit = json["commit"]?.string
        steps = json["steps"].flatMap { StepsRecord($0) }
        buildSeconds = json["buildSeconds"].flatMap(Self.seconds)
    }

    /// A number of seconds that something can have taken; nil for any other.
    public static func seconds(_ json: JSONValue) -> Double? {
        let seconds: Double
        switch json {
        case .number(let number): seconds = number
        case .integer(let number): seconds = Double(number)
        default: return nil
        }
        return seconds >= 0 && seconds < 1e9 ? seconds : nil
    }
}
