import JSON

/// The form of a key's value, for the schema and the documentation.
indirect enum KeyForm: Sendable {
    /// A text; a number or truth value is taken as it is written.
    case text
    /// A text that is not empty.
    case word
    /// `true` or `false`.
    case truth
    /// A whole number from 0.
    case count
    /// A number from 0.
    case number
    /// One of these words.
    case choice([String])
    /// A list.
    case list(KeyForm)
    /// A map of any names.
    case map(KeyForm)
    /// A map of these keys, which only the schema and the documentation ask for.
    case keys(@Sendable () -> [KeyDescription])
    /// A map of these names to texts.
    case record([String], required: [String])
    /// One of several forms.
    case either([KeyForm])
    /// No value at all.
    case nothing

    /// The form in words; a choice and a map of keys need none.
    var words: String {
        switch self {
        case .text, .word: "text"
        case .truth: "true or false"
        case .count: "whole number"
        case .number: "number"
        case .choice(let words): alternatives(words)
        case .list(let form): "list of \(form.words)s"
        case .map(.keys), .map(.either), .keys, .record: "map"
        case .map(let form): "map of names to \(form.words)s"
        case .either(let forms): alternatives(forms.map(\.words).filter { !$0.isEmpty })
        case .nothing: ""
        }
    }

    /// The form as a JSON schema.
    var schema: JSONValue {
        switch self {
        case .text: ["type": ["string", "number", "boolean"]]
        case .word: ["type": ["string", "number", "boolean"], "minLength": 1]
        case .truth: ["type": "boolean"]
        case .count: ["type": "integer", "minimum": 0]
        case .number: ["type": "number", "minimum": 0]
        case .choice(let words): ["enum": .strings(words)]
        case .list(let form): ["type": "array", "items": form.schema]
        case .map(let form): ["type": "object", "additionalProperties": form.schema]
        case .keys(let keys): KeyDescription.schema(of: keys())
        case .record(let names, let required):
            [
                "type": "object", "properties": .object(names.map { .init($0, Self.word.schema) }),
                "required": .strings(required), "additionalProperties": false,
            ]
        case .either(let forms): ["anyOf": .array(forms.map(\.schema))]
        case .nothing: ["type": "null"]
        }
    }
}
