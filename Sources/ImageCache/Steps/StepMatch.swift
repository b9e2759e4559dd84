import Hashing
import Records

/// How far the steps of an entry are those of other inputs.
enum StepMatch {
    /// How many operations of `wanted` an entry has made already, each with all that came before it.
    ///
    /// The links of the key's chain tell (docs/inputs.md, "The key"): one is the digest of an operation and of all below it.
    /// Where they are not known, as in opaque mode, an entry may share all.
    static func shared(_ wanted: InputsRecord, with made: InputsRecord) -> Int {
        if wanted.isOpaque || made.isOpaque { return wanted.isOpaque == made.isOpaque ? .max : 0 }
        let states = Set(made.operations.compactMap { $0["state"]?.string })
        return wanted.operations.count { operation in operation["state"]?.string.map(states.contains) ?? false }
    }

    /// Whether an image of an entry's steps can be of use: operations make one layer at most, so it has no more layers above
    /// its base image than operations are shared.
    ///
    /// - Parameters:
    ///   - layers: The image's layers.
    ///   - bases: The layers of the base images.
    ///   - shared: How many operations are shared.
    static func isOfUse(_ layers: [SHA256Digest], above bases: [[SHA256Digest]], shared: Int) -> Bool {
        let base = bases.filter { layers.starts(with: $0) }.map(\.count).max() ?? 0
        return layers.count - base <= shared
    }

    /// The place of the candidate that shares most; of several that share as much, the first.
    ///
    /// - Parameter shared: What each shares, the nearest first.
    static func best(_ shared: [Int]) -> Int? {
        guard let most = shared.max() else { return nil }
        return shared.firstIndex(of: most)
    }
}
