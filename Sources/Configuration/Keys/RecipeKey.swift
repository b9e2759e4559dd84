/// The keys that say how an image is made; an image has one of them (`RecipeDeclaration`), and the word is its name.
enum RecipeKey: String, CaseIterable, Sendable {
    case dockerfile
    case os
    case buildpacks

    /// Fails for two recipes, and for a key that belongs to another one.
    static func check(_ fields: [String: Field], _ keys: [Key<ImageDraft>]) throws(ConfigurationError) {
        let said = allCases.filter { fields[$0.rawValue] != nil }
        let recipe = said.first ?? .dockerfile
        if said.count > 1, let second = fields[said[1].rawValue] {
            throw second.error("an image has one recipe, and \(recipe) is another")
        }
        for key in keys {
            guard let field = fields[key.name], let recipes = key.recipes, !recipes.contains(recipe) else { continue }
            throw field.error("it does not go with \(recipe)")
        }
    }
}
