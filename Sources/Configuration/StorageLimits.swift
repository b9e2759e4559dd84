/// The form in which an image's archive is stored.
public enum StoredForm: String, CaseIterable, Sendable {
    case tar, packed
}

/// How much of the older versions is kept on this machine (docs/retention.md).
///
/// What a checkout, a local branch, a stash or an unpushed commit needs is never removed by it.
public struct StorageLimits: Hashable, Sendable {
    /// Whether older versions are kept at all.
    public var isEnabled = true
    /// At most so many versions of an image.
    public var maximumCount = 5
    /// At most so many gigabytes.
    public var maximumGigabytes = 10.0
    /// At most so many days.
    public var retentionDays = 30
    /// Whether what a tag needs is kept whatever the limits say.
    public var keepsTags = true
    /// Whether what so many last commits of every local branch need is kept, whatever the limits say.
    public var keptCommits = 1
    /// From so many gigabytes on, there is a warning.
    public var warningGigabytes: Double?
    /// From so many gigabytes on, the state is critical.
    public var criticalGigabytes: Double?
    /// The form in which archives are stored.
    public var form = StoredForm.tar

    /// At most so many bytes.
    public var maximumBytes: Int64 { Int64(maximumGigabytes * 1e9) }
}
