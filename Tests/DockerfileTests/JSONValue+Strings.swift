import JSON

extension JSONValue {
    /// The strings of an array.
    var strings: [String] { array?.compactMap(\.string) ?? [] }

    /// The string members of an object.
    var stringMap: [String: String] {
        Dictionary(uniqueKeysWithValues: (members ?? []).map { ($0.name, $0.value.string ?? "") })
    }
}
