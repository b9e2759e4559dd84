/// Sums of sizes that a pointer, a record, a manifest or a server told: they stop at the largest number, and never trap.
extension Int64 {
    /// This size and another one.
    public func plusSize(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// This size without another one.
    public func minusSize(_ other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }
}

extension Sequence {
    /// The sizes of all elements together.
    public func totalSize(_ size: (Element) -> Int64) -> Int64 {
        reduce(0) { $0.plusSize(size($1)) }
    }
}
