/// What the recipe of an image asks for that only somebody who trusts it would let it have.
public struct TrustWish: Hashable, Sendable {
    /// Why it is asked, with the line of the file in front.
    public let reason: String
    /// The values in question as they are shown, `KEY: VALUE`.
    public let values: [String]

    /// Describes a wish.
    public init(reason: String, values: [String]) {
        self.reason = reason
        self.values = values
    }
}

extension ProjectConfiguration {
    /// Whether the recipe of an image may have what it asks for; nil where that needs no trust.
    public func recipeQuestion(about image: ImageDeclaration, _ wishes: [TrustWish]) -> TrustQuestion? {
        if wishes.isEmpty { return nil }
        return TrustQuestion(
            "images.\(image.name.name), recipe", reasons: wishes.map(\.reason), values: wishes.flatMap(\.values))
    }
}
