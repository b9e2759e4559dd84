import JSON
import SystemCalls

/// The form of a key's value, for the schema and the documentation.
indirect enum KeyForm: Sendable {
    /// A text; a number or truth value is taken as it is written.
    case text
    /// A text that is not empty.
    case word
    /// A text that is like a regular expression.
    case pattern(String)
    /// Any value.
    case anything
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
    /// A map of names that are like a regular expression.
    case map(KeyForm, names: String = "^[^=]+$")
    /// A map of these keys, which only the schema and the documentation ask for.
    case keys(@Sendable () -> [KeyDescription])
    /// A map of exactly these names.
    case record([(name: String, form: KeyForm)])
    /// One of several forms.
    case either([KeyForm])
    /// No value at all.
    case nothing

    /// The form in words; a choice and a map of keys need none.
    var words: String {
        switch self {
        case .text, .word, .pattern: "text"
        case .anything: "any value"
        case .truth: "true or false"
        case .count: "whole number"
        case .number: "number"
        case .choice(let words): Printable.alternatives(words)
        case .list(let form): "list of \(form.words)s"
        case .map(.keys, _), .map(.either, _), .keys, .record: "map"
        case .map(let form, _): "map of names to \(form.words)s"
        case .either(let forms):
            Printable.alternatives(
                forms.map(\.words).reduce(into: []) { words, word in
                    if !word.isEmpty, !words.contains(word) { words.append(word) }
                })
        case .nothing: ""
        }
    }

    /// The form as a JSON schema.
    var schema: JSONValue {
        switch self {
        case .text: ["type": ["string", "number", "boolean"]]
        case .word: ["type": ["string", "number", "boolean"], "minLength": 1]
        case .pattern(let pattern): ["type": ["string", "number", "boolean"], "pattern": .string(pattern)]
        case .anything: [:]
        case .truth: ["type": "boolean"]
        case .count: ["type": "integer", "minimum": 0]
        case .number: ["type": "number", "minimum": 0]
        case .choice(let words): ["enum": .strings(words)]
        case .list(let form): ["type": "array", "items": form.schema]
        case .map(let form, let names):
            [
                "type": "object", "propertyNames": ["pattern": .string(names)],
                "additionalProperties": form.schema,
            ]
        case .keys(let keys): KeyDescription.schema(of: keys())
        case .record(let parts):
            [
                "type": "object", "properties": .object(parts.map { .init($0.name, $0.form.schema) }),
                "required": .strings(parts.map(\.name)), "additionalProperties": false,
            ]
        case .either(let forms):
            [
                "anyOf": .array(
                    forms.map { form in
                        // Whether no value is one of the forms, the list of forms says.
                        if case .keys(let keys) = form {
                            KeyDescription.schema(of: keys(), orNull: false)
                        } else {
                            form.schema
                        }
                    })
            ]
        case .nothing: ["type": "null"]
        }
    }
}

extension KeyForm {
    /// The tags of images.
    static let tags = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"
    /// The names of images.
    static let imageNames: String = {
        let part = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*"
        return "^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/)?\(part)(?:/\(part))*$"
    }()
    /// The names of levels.
    static let levelNames = "^(?!-)[!-.0-9;-~]+$"
    /// The names of build arguments.
    static let argumentNames = "^[^=\\s]+$"
}
