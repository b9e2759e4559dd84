import JSON

/// One value of the configuration as it came out, for `config show`.
public struct Setting: Hashable, Sendable {
    /// The value's place in the schema, such as `images.app.tag`.
    public let path: String
    /// The value, paths as they were written.
    public let value: JSONValue
    /// Where it was said.
    public let origin: Origin

    /// Records a value.
    public init(_ path: String, _ value: JSONValue, _ origin: Origin) {
        self.path = path
        self.value = value
        self.origin = origin
    }
}
