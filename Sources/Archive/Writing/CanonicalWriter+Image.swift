import Glibc
import Hashing
import OCI

extension CanonicalWriter {
    /// Writes an image of another archive; some layers may be left out.
    ///
    /// Each layer is checked as it passes, and config and manifest, without which no engine tags anything, go out only
    /// after all of them agreed.
    func write(
        _ image: StoredImage, of index: ArchiveIndex, names: [ImageName], without held: Set<SHA256Digest> = []
    ) throws -> [LayerSize] {
        var sizes: [SHA256Digest: Int64] = [:]
        for layer in image.distinctLayers {
            sizes[layer.diffID] = held.contains(layer.diffID) ? layer.part.size : try write(layer, of: index)
        }
        try config(image.config)
        try finish(image.config, names: names)
        return image.layers.map { LayerSize(digest: $0.diffID, size: sizes[$0.diffID] ?? 0) }
    }

    private func write(_ layer: StoredImage.Layer, of index: ArchiveIndex) throws -> Int64 {
        let reader = LayerReader(layer, of: index)
        // A header names the size, so a compressed layer is read twice; only then is it known.
        let size = layer.compression == .none ? layer.part.size : try reader.read { _ in }
        _ = try begin(layer.diffID, size: size)
        let written = try reader.read { try sink.write($0) }
        if written != size { throw index.corrupt("layer \(layer.diffID) changed while it was read") }
        try end(size: size)
        return size
    }
}
