import SystemCalls

extension ImageDraft {
    /// The key that says how the image is made.
    var recipeKey: RecipeKey {
        RecipeKey.allCases.first { $0 != .dockerfile && origins[$0.rawValue] != nil } ?? .dockerfile
    }

    /// Fails for a flag, or a variable in its place, that belongs to another recipe than the file's.
    func checkFlags() throws(ConfigurationError) {
        let recipe = recipeKey
        for key in Self.keys.keys {
            guard let recipes = key.recipes, !recipes.contains(recipe) else { continue }
            for setting in key.settings(self, "images.\(name.value).") {
                switch setting.origin {
                case .flag, .variable:
                    throw setting.origin.error(
                        setting.path, "it does not go with \(recipe), by which \(Printable.quoted(name.value)) is made")
                case .file, .default: continue
                }
            }
        }
    }
}
