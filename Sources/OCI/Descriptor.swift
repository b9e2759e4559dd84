import Hashing
import JSON

/// A reference to a blob by its digest.
///
/// https://github.com/opencontainers/image-spec/blob/main/descriptor.md
public struct Descriptor: Hashable, Sendable {
    /// What kind of blob it is.
    public let mediaType: String
    /// The blob's digest.
    public let digest: SHA256Digest
    /// The blob's length.
    public let size: Int64
    /// Words about it.
    public let annotations: [String: String]
    /// The platform of a manifest of an index.
    public let platform: Platform?

    /// Makes a descriptor.
    public init(
        mediaType: String, digest: SHA256Digest, size: Int64, annotations: [String: String] = [:],
        platform: Platform? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
    }

    /// Reads a descriptor's JSON object; nil where digest or size are missing or wrong.
    public init?(_ json: JSONValue) {
        guard let digest = json["digest"]?.string.flatMap({ SHA256Digest($0) }), let size = json["size"]?.integer,
            size >= 0
        else { return nil }
        var annotations: [String: String] = [:]
        for member in json["annotations"]?.members ?? [] { annotations[member.name] = member.value.string }
        var platform: Platform?
        if let os = json["platform"]?["os"]?.string, let architecture = json["platform"]?["architecture"]?.string {
            platform = Platform(os: os, architecture: architecture, variant: json["platform"]?["variant"]?.string)
        }
        self.init(
            mediaType: json["mediaType"]?.string ?? "", digest: digest, size: size, annotations: annotations,
            platform: platform)
    }

    /// The descriptor as JSON: mediaType, digest, size, then annotations where there are any.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("mediaType", .string(mediaType)), .init("digest", .string(digest.description)),
            .init("size", .integer(size)),
        ]
        if !annotations.isEmpty { members.append(.init("annotations", .map(annotations.mapValues { .string($0) }))) }
        return .object(members)
    }
}
