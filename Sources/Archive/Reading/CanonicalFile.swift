import Hashing
import OCI
import SystemCalls
import SystemPackage

/// An open archive of the canonical form, of which all but the content of layers was checked.
///
/// Whoever gets the open file reads what was checked, whatever becomes of its name meanwhile.
public struct CanonicalFile: Sendable {
    /// The open file; `close` closes it.
    public let descriptor: FileDescriptor
    /// The archive's length.
    public let size: Int64
    let image: StoredImage
    let path: FilePath

    /// Opens an archive and checks config, manifest, headers, fill and end.
    ///
    /// - Parameters:
    ///   - path: the archive.
    ///   - expected: the image ID that it must hold; nil where anything will do.
    public init(_ path: FilePath, expecting expected: SHA256Digest?) throws(ArchiveError) {
        let (descriptor, size, image) = try ImageArchive(path).withIndex(spool: nil, mustBePlain: true) { index in
            let image = try index.image(named: nil, expecting: expected, strict: true)
            return (try index.duplicate(), try index.length(), image)
        }
        self.descriptor = descriptor
        self.size = size
        self.image = image
        self.path = path
    }

    /// The image's config, byte for byte.
    public var config: ImageConfig { image.config }

    /// The layers in the order of the manifest.
    public var layers: [LayerSize] { image.layers.map { LayerSize(digest: $0.diffID, size: $0.part.size) } }

    /// The names in `RepoTags`.
    public var names: [String] { image.names }

    /// Where the members stand in the open file.
    var index: ArchiveIndex { ArchiveIndex(descriptor: descriptor, name: path.string) }

    /// The layers and where they stand, each once.
    var layersInPlace: [StoredImage.Layer] { image.distinctLayers }

    /// The length of the archive without the content of some layers.
    public func size(without held: Set<SHA256Digest>) -> Int64 {
        image.distinctLayers.reduce(size) { $0 - (held.contains($1.diffID) ? $1.part.size : 0) }
    }

    /// Where a layer stands; nil where the image has no such layer.
    func part(of diffID: SHA256Digest) -> ArchiveIndex.Part? {
        image.layers.first { $0.diffID == diffID }?.part
    }

    /// The archive's description, where the digest of its bytes is known.
    public func archive(digest: SHA256Digest) -> CanonicalArchive {
        CanonicalArchive(digest: digest, size: size, config: config, layers: layers, names: names)
    }

    /// Reads the other layers and checks their digests.
    public func check(
        without held: Set<SHA256Digest>, progress: (Int64) -> Void = { _ in }
    ) throws(ArchiveError) {
        try ArchiveError.wrapping {
            let index = index
            var count: Int64 = 0
            for layer in image.distinctLayers where !held.contains(layer.diffID) {
                _ = try LayerReader(layer, of: index).read { piece in
                    count += Int64(piece.count)
                    progress(count)
                }
            }
        }
    }

    /// Closes the file.
    public func close() { try? descriptor.close() }
}
