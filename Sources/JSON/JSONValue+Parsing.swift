extension JSONValue {
    /// Parses the text of one value (`JSONReader`); members stay in their order, also those of one name.
    public init(
        parsing bytes: some Sequence<UInt8>, limits: JSONReader.Limits = JSONReader.Limits()
    ) throws(JSONError) {
        var reader = JSONReader(Array(bytes), limits: limits)
        self = try reader.value()
        try reader.end()
    }

    /// The value with the members of all objects sorted, so that two values are equal whatever their order was.
    public var normalized: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.normalized))
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.normalized) }.sorted {
                    $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                })
        default: self
        }
    }
}
