import Hashing
import JSON
import OCI

/// Writes archives in the one form that the cache stores: the same image gives the same bytes, whoever saved it.
///
/// `blobs/sha256/HEX` of each distinct layer in the order of the manifest, uncompressed; the config likewise;
/// `manifest.json`; two blocks of zeros.
final class CanonicalWriter {
    let sink: ByteSink
    /// The layers that were copied and not compared with their digests yet, and what they are parts of.
    var copied: [(diffID: SHA256Digest, index: ArchiveIndex)] = []

    init(_ sink: ByteSink) {
        self.sink = sink
    }

    /// The name of a blob's member.
    static func member(_ digest: SHA256Digest) -> String { "blobs/sha256/" + digest.hexadecimal }

    /// Writes the header of a blob; the place where its content is to begin.
    func begin(_ digest: SHA256Digest, size: Int64) throws -> Int64 {
        try sink.write(TarHeader.file(Self.member(digest), size: size))
        return sink.count
    }

    /// Fills up to whole blocks after a blob's content.
    func end(size: Int64) throws {
        try sink.write(TarHeader.padding(size))
    }

    /// Writes a document of which the bytes are at hand.
    func file(_ name: String, _ bytes: [UInt8]) throws {
        try sink.write(TarHeader.file(name, size: Int64(bytes.count)))
        try sink.write(bytes)
        try sink.write(TarHeader.padding(Int64(bytes.count)))
    }

    /// Writes the config.
    func config(_ config: ImageConfig) throws {
        try file(Self.member(config.digest), config.bytes)
    }

    /// Writes the manifest and ends the archive.
    func finish(_ config: ImageConfig, names: [ImageName]) throws {
        try file("manifest.json", Self.manifest(config, names: names))
        try sink.write(TarHeader.end)
    }

    /// The bytes of `manifest.json`: members in a fixed order, no spaces, one LF.
    static func manifest(_ config: ImageConfig, names: [ImageName]) -> [UInt8] {
        let entry: JSONValue = .object([
            .init("Config", .string(member(config.digest))),
            .init("RepoTags", .strings(names.map(\.description))),
            .init("Layers", .strings(config.diffIDs.map(member))),
        ])
        return Array((JSONValue.array([entry]).text + "\n").utf8)
    }
}
