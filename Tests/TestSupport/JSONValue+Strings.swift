import JSON

extension JSONValue {
    /// The strings of an array.
    public var strings: [String] { array?.compactMap(\.string) ?? [] }

    /// The string members of an object.
    public var stringMap: [String: String] {
        Dictionary(uniqueKeysWithValues: (members ?? []).map { ($0.name, $0.value.string ?? "") })
    }
}
