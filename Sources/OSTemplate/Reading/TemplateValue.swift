import SystemCalls
import YAML

/// A value of a template with the place where it was written.
struct TemplateValue: Sendable {
    /// What stands there.
    enum Content: Sendable {
        case nothing
        case scalar(String, isPlain: Bool)
        case list([TemplateValue])
        /// The keys in the order in which they were written.
        case map([Entry])
    }

    struct Entry: Sendable {
        var key: String
        /// The line of the key.
        var place: Place
        var value: TemplateValue
    }

    /// A line of a file.
    struct Place: Sendable {
        var file: TemplateFile
        var line: Int
    }

    var content: Content
    var place: Place

    init(_ content: Content, _ place: Place) {
        self.content = content
        self.place = place
    }

    init(_ node: YAMLNode, in file: TemplateFile) {
        place = Place(file: file, line: node.line)
        switch node.content {
        case .scalar(let text, let isPlain):
            content = node.isNull ? .nothing : .scalar(text, isPlain: isPlain)
        case .sequence(let elements):
            content = .list(elements.map { TemplateValue($0, in: file) })
        case .mapping(let entries):
            content = .map(
                entries.map {
                    Entry(
                        key: $0.key, place: Place(file: file, line: $0.line), value: TemplateValue($0.value, in: file))
                })
        }
    }

    var isNothing: Bool { if case .nothing = content { true } else { false } }

    /// The value of a key of a map.
    subscript(key: String) -> TemplateValue? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The text of a scalar.
    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .nothing: "nothing"
        case .scalar(let text, _): Printable.quoted(Printable.escaped(text))
        case .list: "a list"
        case .map: "a map"
        }
    }
}
