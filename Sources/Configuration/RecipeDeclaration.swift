import SystemPackage

/// How a declared image is made.
///
/// The list is closed: a declaration has the key of exactly one recipe.
public enum RecipeDeclaration: Hashable, Sendable {
    /// `dockerfile`: by the Dockerfile at this absolute path.
    case dockerfile(FilePath)
    /// By a key whose recipe this version cannot make, and where it was said: an error of this image alone.
    case later(key: String, Origin)
}
