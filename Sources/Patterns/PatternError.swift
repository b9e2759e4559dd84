/// A pattern that no path can be held against.
public struct PatternError: Error, Hashable, Sendable {
    /// The fault in words: lower case, without a final period.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
