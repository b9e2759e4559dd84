/// Why the files of an entry are not staged.
public struct StagingFailure: Hashable, Sendable {
    /// What is in the way.
    public let reason: String
    /// What can be done about it, where that is not just to try again.
    public let hint: String?
}
