import Hashing
import OCI

/// An image of an archive: its config and where its layers stand.
struct StoredImage {
    /// A layer, as it stands in the archive.
    struct Layer {
        let diffID: SHA256Digest
        let part: ArchiveIndex.Part
        let compression: Compression
        /// The digest of the bytes as they stand, where the archive names it.
        let blob: SHA256Digest?

        /// Whether the bytes were read already and are those of the layer.
        var isVerified: Bool {
            if case .stored(_, _, let digest) = part { digest == diffID } else { false }
        }
    }

    let config: ImageConfig
    let layers: [Layer]
    let names: [String]

    /// The layers without those that occurred before.
    var distinctLayers: [Layer] {
        var seen: Set<SHA256Digest> = []
        return layers.filter { seen.insert($0.diffID).inserted }
    }

    /// Whether one of the image's names is a spelling of this one.
    func isNamed(_ name: ImageName) -> Bool {
        let spellings = Set(name.spellings)
        return names.contains { spellings.contains($0) || (try? ImageName($0)) == name }
    }
}
