import Hashing
import OCI
import SystemCalls
import SystemPackage

/// A steps archive that was written: what a rebuild can reuse, and that the image's own archive does not hold.
///
/// A docker-archive in the form of the canonical archive. Its manifest names all images, the image itself included. It
/// holds those layers and configs that the image's archive lacks (docs/formats.md, "The steps archive").
public struct StepsArchive: Hashable, Sendable {
    /// The SHA-256 of the archive's bytes: its LFS OID.
    public let digest: SHA256Digest
    /// The archive's length.
    public let size: Int64
    /// The images, in the order of the manifest.
    public let images: [StepImage]

    /// Writes the steps archive of an image into the new file `path`; nothing is left where that fails.
    ///
    /// The same images give the same bytes, in whatever order they are told.
    ///
    /// - Parameters:
    ///   - images: What can be reused; the image itself has its place among them.
    ///   - archive: The image's own archive.
    ///   - sources: Archives that hold the layers of other images.
    ///   - path: The file to create.
    public static func write(
        _ images: [StepImage], beside archive: CanonicalFile, from sources: [CanonicalFile] = [], to path: FilePath
    ) throws(ArchiveError) -> StepsArchive {
        try ArchiveError.wrapping {
            let content = StepContent(StepImage.sorted(images), beside: archive.config)
            let layers = StepLayers(sources)
            let descriptor = try Files.create(path)
            defer { try? descriptor.close() }
            do {
                let writer = CanonicalWriter(ByteSink(descriptor, named: path.string, hashing: true))
                for digest in content.layers { _ = try layers.write(digest, to: writer) }
                for (name, bytes) in content.documents { try writer.file(name, bytes) }
                try writer.sink.write(TarHeader.end)
                try Files.synchronize(descriptor, named: path.string)
                guard let digest = try writer.sink.digest() else {
                    throw ArchiveError.corrupt(path.string, "no digest")
                }
                return StepsArchive(digest: digest, size: writer.sink.count, images: content.images)
            } catch {
                _ = try? Files.remove(path)
                throw error
            }
        }
    }
}

/// What stands in a steps archive, as the images and the image's own archive decide it.
struct StepContent {
    let images: [StepImage]
    /// The layers that stand in it.
    let layers: [SHA256Digest]
    /// The configs that stand in it, and the manifest: names and bytes.
    let documents: [(name: String, bytes: [UInt8])]

    init(_ images: [StepImage], beside config: ImageConfig) {
        self.images = images
        let held = Set(config.diffIDs)
        layers = StepImage.layers(of: images).filter { !held.contains($0) }
        let others = images.filter { $0.id != config.digest }
        documents =
            others.map { (CanonicalWriter.member($0.id), $0.config.bytes) }
            + [("manifest.json", StepImage.manifest(images))]
    }
}

/// The layers of several archives, by their digests.
struct StepLayers {
    private var places: [SHA256Digest: (layer: StoredImage.Layer, index: ArchiveIndex)] = [:]

    init(_ files: [CanonicalFile]) {
        for file in files { add(file.layersInPlace, of: file.index) }
    }

    mutating func add(_ layers: [StoredImage.Layer], of index: ArchiveIndex) {
        for layer in layers where places[layer.diffID] == nil { places[layer.diffID] = (layer, index) }
    }

    /// The length of a layer.
    func size(_ digest: SHA256Digest) throws -> Int64 { try place(digest).layer.part.size }

    /// Writes a layer with its header, and checks its digest; its length.
    func write(_ digest: SHA256Digest, to writer: CanonicalWriter) throws -> Int64 {
        let (layer, index) = try place(digest)
        let size = layer.part.size
        _ = try writer.begin(digest, size: size)
        _ = try LayerReader(layer, of: index).read { try writer.sink.write($0) }
        try writer.end(size: size)
        return size
    }

    private func place(_ digest: SHA256Digest) throws -> (layer: StoredImage.Layer, index: ArchiveIndex) {
        guard let place = places[digest] else {
            throw ArchiveError.corrupt("the steps archive", "no archive holds layer \(digest)")
        }
        return place
    }
}
