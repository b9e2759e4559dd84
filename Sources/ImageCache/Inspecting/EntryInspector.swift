import Configuration
import Recipes

/// Says how the entries of images stand to the present inputs; reads no archive and changes nothing.
public struct EntryInspector {
    let reader: InputReader
    let store: EntryStore
    let lockFile: BaseLockFile

    /// Says how an image's entry stands to the present inputs.
    public func inspect(_ image: ImageDeclaration) throws -> EntryInspection {
        try inspect(image, try reader.recipe(of: image))
    }

    /// Says how an image's entry stands to the inputs of a recipe that was read before.
    func inspect(_ image: ImageDeclaration, _ recipe: any Recipe) throws -> EntryInspection {
        try store.inspect(image, recipe, lockComplaint: try lockFile.read().complaint)
    }
}
