/// A name, platform or document of the OCI world that is not valid.
public struct OCIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was to be read, such as `the image name a b`.
    public let object: String
    /// Why it could not be.
    public let reason: String

    /// Records what is wrong with what.
    public init(_ object: String, _ reason: String) {
        self.object = object
        self.reason = reason
    }

    /// `cannot read OBJECT: REASON`.
    public var description: String { "cannot read \(object): \(reason)" }
}
