/// The form in which an image's archive is stored.
public enum StoredForm: String, CaseIterable, Sendable {
    case tar, packed
}

/// How much of the older versions is kept on this machine.
///
/// The entries of declared images and what a local branch needs are never removed by it.
public struct StorageLimits: Hashable, Sendable {
    /// Whether older versions are kept, and cleaned, at all.
    public var isEnabled = true
    /// At most so many versions of an image.
    public var maximumCount = 5
    /// At most so many gigabytes.
    public var maximumGigabytes = 10.0
    /// At most so many days.
    public var retentionDays = 30
    /// From so many gigabytes on, there is a warning.
    public var warningGigabytes: Double?
    /// From so many gigabytes on, the state is critical.
    public var criticalGigabytes: Double?
    /// The form in which archives are stored.
    public var form = StoredForm.tar

    /// At most so many bytes.
    public var maximumBytes: Int64 { Int64(maximumGigabytes * 1e9) }
}
