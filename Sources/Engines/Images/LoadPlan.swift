import Archive
import Hashing

/// What of an archive an engine is given, and how.
struct LoadPlan: Hashable {
    /// How it is given.
    enum Way: Hashable {
        /// The open archive is the standard input of these arguments.
        case file([String])
        /// A stream without the layers that are spared.
        case stream
    }

    /// How it is given.
    let way: Way
    /// The layers that the engine has and is not given.
    let spared: Set<SHA256Digest>

    /// Decides; nil where the engine gets the whole archive as a stream.
    ///
    /// - Parameters:
    ///   - layers: the digests of the image's layers, in the order of the manifest.
    ///   - isNamed: whether the archive gives the image the wanted name, and no other.
    ///   - sparing: how the engine is spared what it has.
    ///   - usesService: whether something else than its program does the work.
    ///   - stored: the layers that its store says it has; nil where that cannot be read.
    ///   - images: the layers of images that it has.
    init?(
        layers: [SHA256Digest], isNamed: Bool, sparing: ImageVerbs.Sparing, usesService: Bool,
        stored: Set<SHA256Digest>?, images: [[SHA256Digest]]
    ) {
        switch sparing {
        case .none: return nil
        case .file(let arguments):
            if usesService || !isNamed { return nil }
            way = .file(arguments)
            spared = (stored ?? Set(images.joined())).intersection(layers)
        case .chain:
            let first = images.map { zip($0, layers).prefix { $0 == $1 }.count }.max() ?? 0
            // One that occurs again above them is wanted there.
            spared = Set(layers.prefix(first)).subtracting(layers.dropFirst(first))
            if spared.isEmpty { return nil }
            way = .stream
        }
    }
}
