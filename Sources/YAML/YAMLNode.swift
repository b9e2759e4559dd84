import SystemCalls

/// A node of a YAML document, aliases resolved.
public struct YAMLNode: Sendable {
    /// What stands there.
    public enum Content: Sendable {
        /// A scalar's text; a plain one may be null, a number or a truth value.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// A key of a map with its value.
    public struct Entry: Sendable {
        /// The key.
        public var key: String
        /// The line of the key, from 1.
        public var line: Int
        /// The value.
        public var value: YAMLNode
    }

    /// What stands there.
    public var content: Content
    /// The line on which it begins, from 1.
    public var line: Int
    /// How many nodes it holds, those behind aliases counted each time.
    var weight: Int

    /// Whether it is nothing at all, `null` or `~`.
    public var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content {
            ["", "~", "null", "Null", "NULL"].contains(text)
        } else {
            false
        }
    }

    /// What it is, for messages.
    public var kind: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : Printable.quoted(text)
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}
