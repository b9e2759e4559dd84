/// A text that is no JSON, that is more than its reader takes, or that could not be read.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    public let description: String
    /// What the source of the text ran into; nil where the text itself is at fault.
    public let source: (any Error)?

    init(_ description: String, source: (any Error)? = nil) {
        self.description = description
        self.source = source
    }
}
