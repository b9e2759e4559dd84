/// How much of the older versions is kept on this machine.
///
/// The entries of declared images and what a local branch needs are never removed by it.
public struct StorageLimits: Hashable, Sendable {
    /// Whether older versions are kept, and cleaned, at all.
    public var isEnabled: Bool
    /// At most so many versions of an image.
    public var maximumCount: Int
    /// At most so many bytes.
    public var maximumBytes: Int64
    /// At most so many days.
    public var retentionDays: Int
}
