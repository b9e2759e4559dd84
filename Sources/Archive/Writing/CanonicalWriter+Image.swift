import Glibc
import Hashing
import OCI

extension CanonicalWriter {
    /// Writes an image of another archive; some layers may be left out.
    ///
    /// Each layer is checked as it passes, and config and manifest, without which no engine tags anything, go out only
    /// after all of them agreed. A file may be hashed later than it is written: it is `checkLayers` that waits.
    func write(
        _ image: StoredImage, of index: ArchiveIndex, names: [ImageName], without held: Set<SHA256Digest> = []
    ) throws -> [LayerSize] {
        var sizes: [SHA256Digest: Int64] = [:]
        for layer in image.distinctLayers {
            sizes[layer.diffID] = held.contains(layer.diffID) ? layer.part.size : try write(layer, of: index)
        }
        try config(image.config)
        try finish(image.config, names: names)
        try checkLayers()
        return image.layers.map { LayerSize(digest: $0.diffID, size: sizes[$0.diffID] ?? 0) }
    }

    /// Writes a layer; how many bytes it has.
    ///
    /// - Parameters:
    ///   - layer: The layer.
    ///   - index: What it is a part of.
    ///   - known: How many bytes it unpacks to, where that was told; nil where it has to be unpacked to know.
    func write(_ layer: StoredImage.Layer, of index: ArchiveIndex, size known: Int64? = nil) throws -> Int64 {
        if sink.isFile, layer.compression == .none, case .stored(let offset, let size, let digest) = layer.part {
            try copy(layer.diffID, from: index, at: offset, size: size, isChecked: digest == layer.diffID)
            return size
        }
        let reader = LayerReader(layer, of: index)
        // A header names the size; where nobody told it, a compressed layer is read twice.
        let size = layer.compression == .none ? layer.part.size : try known ?? reader.read { _ in }
        _ = try begin(layer.diffID, size: size)
        var rest = size
        let written = try reader.read { piece in
            rest -= Int64(piece.count)
            if rest < 0 { throw index.corrupt("layer \(layer.diffID) has more than \(size) bytes") }
            try sink.write(piece)
        }
        if written != size { throw index.corrupt("layer \(layer.diffID) has \(written) bytes, not \(size)") }
        try end(size: size)
        return size
    }

    /// Copies a layer that is not compressed into a file.
    private func copy(
        _ diffID: SHA256Digest, from index: ArchiveIndex, at offset: Int64, size: Int64, isChecked: Bool
    ) throws {
        _ = try begin(diffID, size: size)
        if !isChecked {
            sink.beginPart()
            copied.append((diffID, index))
        }
        try sink.copy(index.descriptor, at: offset, length: size, named: index.name)
        if !isChecked { sink.endPart() }
        try end(size: size)
    }

    /// Waits until the layers that were copied are hashed, and compares.
    func checkLayers() throws {
        for ((diffID, index), digest) in zip(copied, try sink.partDigests().suffix(copied.count))
        where diffID != digest {
            throw index.corrupt("layer \(diffID) is damaged: its digest is \(digest)")
        }
        copied = []
    }
}
