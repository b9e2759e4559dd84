/// The header fields of a request or an answer, in their order; names are compared without case.
///
/// Their description shows no value that may be a secret.
public struct HeaderFields: Hashable, Sendable {
    /// A name and its value.
    public struct Field: Hashable, Sendable {
        /// The name as written.
        public let name: String
        /// The value without surrounding white space.
        public let value: String
    }

    /// The fields in their order.
    public private(set) var fields: [Field] = []

    /// Starts without fields.
    public init() {}

    /// Takes fields; one that could break out of its line is refused.
    public init(_ fields: [(name: String, value: String)]) throws(HTTPError) {
        for field in fields { try append(field.name, field.value) }
    }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    /// All values of a name.
    public func all(_ name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// Whether there is no field.
    public var isEmpty: Bool { fields.isEmpty }

    /// Adds a field after those there are.
    public mutating func append(_ name: String, _ value: String) throws(HTTPError) {
        if name.isEmpty || !name.utf8.allSatisfy(Self.isTokenByte) {
            throw HTTPError(.invalidHeader, "send a header", "its name holds a character that no header's name has")
        }
        if value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) {
            throw HTTPError(.invalidHeader, "send the header \(name)", "its value holds a line break or a NUL")
        }
        appendUnchecked(name, value)
    }

    /// Replaces all fields of a name by one.
    public mutating func set(_ name: String, _ value: String) throws(HTTPError) {
        remove(name)
        try append(name, value)
    }

    /// Removes all fields of a name.
    public mutating func remove(_ name: String) {
        let wanted = name.lowercased()
        fields.removeAll { $0.name.lowercased() == wanted }
    }

    /// The fields that may go to another host: those that describe the request, not who sends it.
    public var forAnotherHost: HeaderFields {
        let known: Set = ["accept", "content-type", "content-encoding", "range", "user-agent", "transfer-encoding"]
        var copy = self
        copy.fields.removeAll { !known.contains($0.name.lowercased()) }
        return copy
    }

    mutating func appendUnchecked(_ name: String, _ value: String) {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = value.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }
        fields.append(Field(name: name, value: end.map { String(start[...$0]) } ?? ""))
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HeaderFields: CustomStringConvertible {
    /// One `NAME: VALUE` per field; the value is `***` where the field is not known to be harmless.
    public var description: String {
        let harmless: Set = [
            "accept", "content-type", "content-length", "content-range", "content-encoding", "range", "user-agent",
            "transfer-encoding", "date", "retry-after", "server", "etag", "accept-ranges", "last-modified",
            "www-authenticate", "lfs-authenticate", "connection", "x-request-id", "x-github-request-id",
        ]
        return fields.map { "\($0.name): \(harmless.contains($0.name.lowercased()) ? $0.value : "***")" }
            .joined(separator: "\n")
    }
}
