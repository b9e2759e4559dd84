/// How an entry stands to the present inputs: the first that applies, in this order.
public enum EntryState: String, Sendable, CaseIterable {
    /// There is no archive.
    case missing
    /// The archive is not the one that the record names.
    case corrupt
    /// The entry was made of other inputs, or its files were not all written.
    case stale
    /// Fresh, with the archive an LFS pointer in the work tree.
    case pointer
    /// The archive is that of the present inputs.
    case fresh

    /// Whether the entry can be loaded as the image of the present inputs.
    public var isUsable: Bool { self == .fresh || self == .pointer }
}
