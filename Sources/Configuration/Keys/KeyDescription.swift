import JSON

/// What people and programs are told about a key.
package struct KeyDescription: Sendable {
    /// The name, with those of the maps around it: `storage.journal`.
    package let name: String
    /// What it is, a sentence.
    package let text: String
    /// The value where nobody says one; empty where that is none.
    package let standard: String
    /// The default in words, where it is no value of its own.
    package let unset: String?
    /// The flag that goes before the file; nil where there is none.
    package let flag: CommandFlag?
    /// Whether the file may say it.
    package let isInFile: Bool
    /// Whether it is read and has no effect yet.
    package let isPlanned: Bool
    let form: KeyForm

    /// The form of the value in words.
    package var formWords: String { form.words }

    /// The keys of the map, or of each map, that the value is; empty for any other value.
    package var keys: [KeyDescription] { Self.keys(of: form) }

    private static func keys(of form: KeyForm) -> [KeyDescription] {
        switch form {
        case .keys(let keys): keys()
        case .map(let form, _): keys(of: form)
        case .either(let forms): forms.lazy.map(keys).first { !$0.isEmpty } ?? []
        default: []
        }
    }

    /// The schema of a map with these keys, of which those with a dot stand in maps of their own.
    static func schema(of keys: [KeyDescription], below prefix: String = "", orNull: Bool = true) -> JSONValue {
        var members: [JSONValue.Member] = []
        for key in keys where key.isInFile && key.name.hasPrefix(prefix) {
            let rest = key.name.dropFirst(prefix.count)
            let name = String(rest.prefix { $0 != "." })
            if members.contains(where: { $0.name == name }) { continue }
            let isLeaf = name.count == rest.count
            members.append(.init(name, isLeaf ? key.schema : schema(of: keys, below: prefix + name + ".")))
        }
        return [
            "type": orNull ? ["object", "null"] : "object", "properties": .object(members),
            "additionalProperties": false,
        ]
    }

    /// A key without a value counts as absent, so null is as good as any value.
    private var schema: JSONValue {
        guard case .object(let members) = form.schema else { return form.schema }
        let note = isPlanned ? text + " It has no effect yet." : text
        let value: [JSONValue.Member] =
            switch form {
            case .either, .choice, .nothing: [.init("anyOf", [.object(members), ["type": "null"]])]
            default: members.map { $0.name == "type" ? .init("type", Self.orNull($0.value)) : $0 }
            }
        return .object([.init("description", .string(note))] + value)
    }

    private static func orNull(_ type: JSONValue) -> JSONValue {
        var types: [JSONValue] = if case .array(let types) = type { types } else { [type] }
        if !types.contains("null") { types.append("null") }
        return .array(types)
    }
}
