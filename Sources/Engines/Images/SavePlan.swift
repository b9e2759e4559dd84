import Archive
import Hashing

/// Which layers of an image are taken from its engine, and which from an archive of ours.
struct SavePlan: Hashable {
    /// The layers of the archive, with their bytes.
    let spared: [SHA256Digest: Int64]
    /// The layers that the engine writes, with the bytes that its store says they have.
    let wanted: [SHA256Digest: Int64]

    /// Decides; nil where the engine saves the whole image.
    ///
    /// It compresses the layers that it writes, which takes longer than saving them: if they are more than half of the
    /// image, nothing is won.
    ///
    /// - Parameters:
    ///   - layers: the digests of the image's layers.
    ///   - held: the layers of the archive.
    ///   - stored: the layers of the engine's store, with their bytes; less than 0 where it does not say.
    init?(layers: [SHA256Digest], held: [LayerSize], stored: [SHA256Digest: Int64]) {
        let known = Dictionary(held.map { ($0.digest, $0.size) }) { first, _ in first }
        var (spared, wanted): ([SHA256Digest: Int64], [SHA256Digest: Int64]) = ([:], [:])
        for layer in layers {
            if let size = known[layer] {
                spared[layer] = size
            } else if let size = stored[layer], size >= 0 {
                wanted[layer] = size
            } else {
                return nil
            }
        }
        self.spared = spared
        self.wanted = wanted
        if spared.isEmpty || Self.sum(wanted) > Self.sum(spared) { return nil }
    }

    /// The bytes that are not taken from the engine.
    var sparedBytes: Int64 { Self.sum(spared) }

    /// Sizes that somebody told: their sum stops at the largest number.
    private static func sum(_ sizes: [SHA256Digest: Int64]) -> Int64 {
        sizes.values.reduce(0) { sum, size in
            let (next, isOver) = sum.addingReportingOverflow(size)
            return isOver ? .max : next
        }
    }
}
