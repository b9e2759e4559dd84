/// A node of a YAML document, aliases resolved.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// A scalar's text; a plain one may be null, a number or a truth value.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        var key: String
        var line: Int
        var value: YAMLNode
    }

    var content: Content
    /// The line on which it begins, from 1.
    var line: Int
    /// How many nodes it holds, those behind aliases counted each time.
    var weight: Int

    /// Whether it is nothing at all, `null` or `~`.
    var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content {
            ["", "~", "null", "Null", "NULL"].contains(text)
        } else {
            false
        }
    }

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : quoted(text)
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}
