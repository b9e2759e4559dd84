import SystemCalls

/// A `RUN --mount`.
public struct RunMount: Hashable, Sendable {
    /// The options that decide the image, expanded, by name.
    ///
    /// `type` always; targets are absolute, sources cleaned and without a leading `/`; `rw`, `readonly` and `required`
    /// only where they are `true`; the id and sharing of caches are left out. The script of a heredoc that starts with `#!`
    /// is a bind mount with the options `file` and `data`.
    public let options: [String: Value]
    /// Where the files come from; nil for a mount that brings none.
    public let origin: Operation.Origin?
    /// The path below the origin; nil where it needs values of an unlocked base image, or there is no origin.
    public let source: RelativePath?
}
