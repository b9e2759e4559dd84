import JSON

/// Checks values against the part of JSON Schema, draft 2020-12, that the schema of `cache-image.yml` uses.
///
/// A keyword that it does not know is a failure: nothing is passed over.
struct SchemaChecker {
    /// What is wrong with a value, each with its place; empty where nothing is.
    static func complaints(about value: JSONValue, _ schema: JSONValue, at place: String = "") -> [String] {
        if schema == true { return [] }
        if schema == false { return ["\(place): not allowed"] }
        var result: [String] = []
        for keyword in schema.members ?? [] {
            switch keyword.name {
            case "$schema", "title", "description": continue
            case "type":
                if !isOf(keyword.value, value) { result.append("\(place): its type is not \(keyword.value.text)") }
            case "enum": if keyword.value.array?.contains(value) != true { result.append("\(place): no such word") }
            case "minimum":
                if let number = Self.number(value), let least = Self.number(keyword.value), number < least {
                    result.append("\(place): too small")
                }
            case "minLength": if value.string == "" { result.append("\(place): empty") }
            case "anyOf":
                let all = (keyword.value.array ?? []).map { complaints(about: value, $0, at: place) }
                if !all.contains([]) { result += all.min { $0.count < $1.count } ?? ["\(place): fits nothing"] }
            case "pattern":
                guard let text = value.string, let pattern = keyword.value.string.map({ try? Regex($0) }) else {
                    continue
                }
                if pattern.map({ text.contains($0) }) != true {
                    result.append("\(place): not like \(keyword.value.text)")
                }
            case "propertyNames":
                for member in value.members ?? [] {
                    result += complaints(about: .string(member.name), keyword.value, at: "\(place).\(member.name)")
                }
            case "items":
                for (index, element) in (value.array ?? []).enumerated() {
                    result += complaints(about: element, keyword.value, at: "\(place)[\(index)]")
                }
            case "required":
                guard value.members != nil else { continue }
                for name in keyword.value.array ?? [] where value[name.string ?? ""] == nil {
                    result.append("\(place): \(name.text) is missing")
                }
            case "properties", "additionalProperties", "patternProperties": continue
            default: result.append("\(place): the checker does not know \(keyword.name)")
            }
        }
        for member in value.members ?? [] {
            let inner = "\(place).\(member.name)"
            if let property = schema["properties"]?[member.name] {
                result += complaints(about: member.value, property, at: inner)
            } else if schema["patternProperties"]?["^x-"] != nil, member.name.hasPrefix("x-") {
                continue
            } else if let rest = schema["additionalProperties"] {
                result += complaints(about: member.value, rest, at: inner)
            }
        }
        return result
    }

    private static func isOf(_ types: JSONValue, _ value: JSONValue) -> Bool {
        (types.array ?? [types]).contains { type in
            switch (type.string, value) {
            case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
                ("string", .string), ("array", .array), ("object", .object):
                true
            default: false
            }
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

}
