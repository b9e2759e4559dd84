import Patterns

/// The JSON form of an instruction's arguments.
enum JSONArray {
    /// The strings of a JSON array; nil where the text is none, an error where it holds anything but strings.
    static func strings(_ text: String) throws(DockerfileError) -> [String]? {
        let bytes = Array(GoText.trimSpace(text).utf8)
        guard bytes.first == UInt8(ascii: "["), case .array(let elements) = JSONScanner.value(of: bytes) else {
            return nil
        }
        var strings: [String] = []
        for element in elements {
            guard case .string(let string) = element else {
                throw DockerfileError(
                    "when using JSON array syntax, arrays must be comprised of strings only")
            }
            strings.append(string)
        }
        return strings
    }
}
