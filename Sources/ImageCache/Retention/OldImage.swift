import Hashing

/// An image of the engine that was made for a key, and whether it is of no use any more: a decision about facts.
struct OldImage: Hashable {
    /// Whether this clone built, saved or loaded it.
    var isOurs: Bool
    /// Whether it is the image of a declared one's entry, or was made for its present key.
    var isPresent: Bool
    /// Whether a container is made of it.
    var isUsed: Bool
    /// The names that it has in the engine.
    var names: [String]

    /// Why it may go; nil where it stays.
    ///
    /// - Parameter declared: The names of declared images, as the engine spells them.
    func reason(declared: Set<String>) -> String? {
        guard isOurs, !isPresent, !isUsed, names.allSatisfy(declared.contains) else { return nil }
        return names.first.map { "it is \($0) of an older key" } ?? "it is of an older key, without a name"
    }
}
