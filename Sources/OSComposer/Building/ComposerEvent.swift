/// What a build says while it runs.
public enum ComposerEvent: Sendable {
    /// A stage begins.
    case stage(String)
    /// So many bytes of so many are downloaded.
    case downloaded(Int64, of: Int64)
    /// A line of a program that was called, or a detail; shown with `--verbose`.
    case detail(String)
    /// Something that the user should know.
    case warning(String)
}
