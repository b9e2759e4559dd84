import JSON
import Records
import SystemCalls
import SystemPackage
import YAML

/// A template as it is written, before anything is merged: what the key and its reasons need of it.
struct TemplateText: Sendable {
    /// A word of a template and its line.
    struct Word: Hashable, Sendable {
        let text: String
        let line: Int
    }

    /// The path below the root.
    let path: RelativePath
    /// The template that this one is merged over.
    let extends: Word?
    /// Local files: `additionalFiles`, keys of repositories.
    let localFiles: [Word]
    /// `target.arch`.
    let architecture: String?
    /// All values by their places, such as `systemConfig.packages`; a list of words is one value.
    let values: [(key: String, line: Int, value: JSONValue)]

    /// Reads a template; a value of a form that nobody expects is left to those who make the image.
    init(_ bytes: [UInt8], path: RelativePath) throws(InputsError) {
        let node: YAMLNode?
        do throws(YAMLError) { node = try YAMLDocument.parse(bytes, file: path.description) } catch {
            throw InputsError(.recipe, error.description, hint: error.hint)
        }
        guard let node, case .mapping = node.content else {
            throw InputsError(.recipe, "cannot read \(path): it is no template, which is a map of keys")
        }
        self.path = path
        extends = node["extends"]?.word
        architecture = node["target"]?["arch"]?.word?.text
        var files: [Word] = []
        for place in [node, node["systemConfig"]].compactMap(\.self) {
            files += (place["additionalFiles"]?.elements ?? []).compactMap { $0["local"]?.word }
        }
        for repository in node["packageRepositories"]?.elements ?? [] {
            let keys = [repository["pkey"]].compactMap(\.self) + (repository["pkeys"]?.elements ?? [])
            files += keys.compactMap(\.word).filter { Self.isPath($0.text) }
        }
        localFiles = files
        var values: [(key: String, line: Int, value: JSONValue)] = []
        Self.flatten(node, "", &values)
        self.values = values
    }

    /// Whether a repository's key is a file: neither a URL nor a word such as `[trusted=yes]`.
    private static func isPath(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("[") && !text.contains("://")
    }

    private static func flatten(
        _ node: YAMLNode, _ place: String, _ values: inout [(key: String, line: Int, value: JSONValue)]
    ) {
        let secrets = SecretText([:], secrets: [])
        let name = String(place.split(separator: ".").last?.prefix { $0 != "[" } ?? "")
        switch node.content {
        case .scalar(let text, _):
            values.append((place, node.line, node.isNull ? .null : secrets.json(text, name: name)))
        case .mapping(let entries):
            for entry in entries { flatten(entry.value, place.isEmpty ? entry.key : "\(place).\(entry.key)", &values) }
        case .sequence(let elements):
            let words = elements.compactMap(\.word)
            if words.count == elements.count {
                values.append((place, node.line, .array(words.map { secrets.json($0.text, name: name) })))
                return
            }
            for (index, element) in elements.enumerated() { flatten(element, "\(place)[\(index)]", &values) }
        }
    }
}

extension YAMLNode {
    /// The value of a key; nil where there is none.
    fileprivate subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The elements of a list; none of anything else.
    fileprivate var elements: [YAMLNode] {
        if case .sequence(let elements) = content { elements } else { [] }
    }

    /// A text that is not empty, with its line.
    fileprivate var word: TemplateText.Word? {
        guard case .scalar(let text, _) = content, !isNull, !text.isEmpty else { return nil }
        return TemplateText.Word(text: text, line: line)
    }
}
