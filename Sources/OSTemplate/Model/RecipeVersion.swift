/// What all images of one version of this program have in common; a part of every key.
public enum RecipeVersion {
    /// Grows with each change of how images are made.
    public static let number = 2
    /// The newest time that a file of an image has, in seconds since 1970; newer ones are set back to it.
    ///
    /// It is the same for all images, so that trees can grow from each other: 2025-01-01T00:00:00Z.
    public static let sourceDate: Int64 = 1_735_689_600
}
