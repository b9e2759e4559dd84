import JSON
import YAML

/// YAML of other programs, such as compose files: read within the limits of our own, and not checked.
public enum ForeignDocument {
    /// The document; every scalar is a text, and null where it is nothing.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> JSONValue {
        do {
            return try YAMLDocument.parse(bytes, file: file).map(value) ?? .null
        } catch {
            throw ConfigurationError(error)
        }
    }

    private static func value(_ node: YAMLNode) -> JSONValue {
        if node.isNull { return .null }
        return switch node.content {
        case .scalar(let text, _): .string(text)
        case .sequence(let elements): .array(elements.map(value))
        case .mapping(let entries): .object(entries.map { .init($0.key, value($0.value)) })
        }
    }
}
