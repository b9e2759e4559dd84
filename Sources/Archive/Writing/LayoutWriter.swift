import Glibc
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage

/// Writes an image as an OCI image layout, into a folder or a tar.
///
/// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
struct LayoutWriter {
    /// Stores a file of the layout: its name, its size, and how its content is written.
    let store: (String, Int64, (ByteSink) throws -> Void) throws -> Void
    let compression: Compression
    /// A folder for one compressed layer at a time.
    let spool: FilePath

    func write(_ image: StoredImage, of index: ArchiveIndex, as name: ImageName) throws {
        try document("oci-layout", .object([.init("imageLayoutVersion", "1.0.0")]))
        var layers: [SHA256Digest: Descriptor] = [:]
        for layer in image.distinctLayers { layers[layer.diffID] = try write(layer, of: index) }
        let config = Descriptor(
            mediaType: MediaType.config, digest: image.config.digest, size: Int64(image.config.bytes.count))
        try store(CanonicalWriter.member(config.digest), config.size) { try $0.write(image.config.bytes) }
        let manifest: JSONValue = .object([
            .init("schemaVersion", 2), .init("mediaType", .string(MediaType.manifest)), .init("config", config.json),
            .init("layers", .array(image.layers.compactMap { layers[$0.diffID]?.json })),
        ])
        let bytes = Array(manifest.text.utf8)
        let full = name.registrySpelling
        let descriptor = Descriptor(
            mediaType: MediaType.manifest, digest: SHA256Digest(of: bytes), size: Int64(bytes.count),
            annotations: ["org.opencontainers.image.ref.name": name.description, "io.containerd.image.name": full])
        try store(CanonicalWriter.member(descriptor.digest), descriptor.size) { try $0.write(bytes) }
        try document(
            "index.json",
            .object([
                .init("schemaVersion", 2), .init("mediaType", .string(MediaType.index)),
                .init("manifests", [descriptor.json]),
            ]))
    }

    private func document(_ name: String, _ json: JSONValue) throws {
        let bytes = Array(json.text.utf8)
        try store(name, Int64(bytes.count)) { try $0.write(bytes) }
    }

    private func write(_ layer: StoredImage.Layer, of index: ArchiveIndex) throws -> Descriptor {
        let reader = LayerReader(layer, of: index)
        if compression == .none {
            let size = layer.compression == .none ? layer.part.size : try reader.read { _ in }
            try store(CanonicalWriter.member(layer.diffID), size) { sink in _ = try reader.read { try sink.write($0) } }
            return Descriptor(mediaType: MediaType.layer, digest: layer.diffID, size: size)
        }
        let file = try Files.createUnnamed(in: spool)
        defer { try? file.close() }
        let sink = ByteSink(file, named: "a compressed layer", hashing: true)
        let compressor = try Compressor(compression, into: sink)
        _ = try reader.read { try compressor.write($0) }
        try compressor.finish()
        guard let digest = try sink.digest() else { throw index.corrupt("it was not hashed") }
        let compressed = ArchiveIndex(descriptor: file, name: "a compressed layer")
        try store(CanonicalWriter.member(digest), sink.count) { target in
            let part = ArchiveIndex.Part.stored(offset: 0, size: sink.count, digest: digest)
            try compressed.forEachPiece(of: part) { try target.write($0) }
        }
        return Descriptor(mediaType: "\(MediaType.layer)+\(compression.rawValue)", digest: digest, size: sink.count)
    }
}
