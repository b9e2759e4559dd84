import Hashing
import Records

/// A part of an image's layers, chosen by chance, so that a series of checks reads them all in time.
enum LayerSubset {
    /// Layers that together have at least a share of all bytes; at least one.
    ///
    /// - Parameters:
    ///   - layers: The layers, each once.
    ///   - percent: The share, 1 to 100.
    ///   - generator: Where chance comes from.
    static func choose(
        _ layers: [(digest: SHA256Digest, size: Int64)], percent: Int, using generator: inout some RandomNumberGenerator
    ) -> Set<SHA256Digest> {
        let total = layers.reduce(0.0) { $0 + Double($1.size) }
        var chosen: Set<SHA256Digest> = []
        var sum = 0.0
        for layer in layers.shuffled(using: &generator) {
            if !chosen.isEmpty, sum >= total * Double(percent) / 100 { break }
            chosen.insert(layer.digest)
            sum += Double(layer.size)
        }
        return chosen
    }
}
