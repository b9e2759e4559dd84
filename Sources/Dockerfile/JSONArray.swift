import JSON

/// The JSON form of an instruction's arguments.
enum JSONArray {
    /// The strings of a JSON array; nil where the text is none, an error where it holds anything but strings.
    static func strings(_ text: String) throws(DockerfileError) -> [String]? {
        let bytes = Array(GoText.trimSpace(text).utf8)
        guard bytes.first == UInt8(ascii: "["), depth(of: bytes) < 64,
            let value = try? JSONValue(parsing: bytes), let elements = value.array
        else { return nil }
        var strings: [String] = []
        for element in elements {
            guard let string = element.string else {
                throw DockerfileError(
                    "when using JSON array syntax, arrays must be comprised of strings only")
            }
            strings.append(string)
        }
        return strings
    }

    /// How deep brackets are nested, so that no text can exhaust the stack.
    static func depth(of bytes: some Sequence<UInt8>) -> Int {
        var depth = 0
        var deepest = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            deepest = max(deepest, depth)
        }
        return deepest
    }
}
