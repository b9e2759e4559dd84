import SystemPackage

/// How a declared image is made.
///
/// The list is closed: a declaration has the key of exactly one recipe.
public enum RecipeDeclaration: Hashable, Sendable {
    /// `dockerfile`: by the Dockerfile at this absolute path.
    case dockerfile(FilePath)
    /// `os`: an OS image by the template at this absolute path.
    case os(FilePath)
    /// By a key whose recipe this version cannot make, and where it was said: an error of this image alone.
    case later(key: String, Origin)

    /// The lock file beside a template, which belongs to the image as its entry does; nil where there can be none.
    public var lockFile: FilePath? {
        guard case .os(let template) = self else { return nil }
        return template.removingLastComponent().appending((template.stem ?? "template") + ".lock.json")
    }
}
