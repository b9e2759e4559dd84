extension JSONReader {
    /// Takes a whole value and holds it in memory.
    public mutating func value() throws(JSONError) -> JSONValue {
        let start = offset
        let value = try value(depth: 0, end: start + bytesLeft)
        bytesLeft -= offset - start
        return value
    }

    private mutating func value(depth: Int, end: Int) throws(JSONError) -> JSONValue {
        try spend(end)
        if depth > limits.depth { throw malformed("nested more than \(limits.depth) deep") }
        switch try token() {
        case UInt8(ascii: "\""): return .string(String(decoding: try string(), as: UTF8.self))
        case UInt8(ascii: "{"): return try object(depth: depth, end: end)
        case UInt8(ascii: "["): return try array(depth: depth, end: end)
        default: return try scalar()
        }
    }

    private mutating func spend(_ end: Int) throws(JSONError) {
        valuesLeft -= 1
        if valuesLeft < 0 { throw malformed("more than \(limits.values) values") }
        if offset > end { throw malformed("more than \(limits.bytes) bytes of values") }
    }

    private mutating func object(depth: Int, end: Int) throws(JSONError) -> JSONValue {
        try expect("{")
        if try takes("}") { return .object([]) }
        var members: [JSONValue.Member] = []
        repeat {
            try spend(end)
            let name = String(decoding: try string(), as: UTF8.self)
            try expect(":")
            members.append(JSONValue.Member(name, try value(depth: depth + 1, end: end)))
        } while try more(until: "}")
        return .object(members)
    }

    private mutating func array(depth: Int, end: Int) throws(JSONError) -> JSONValue {
        try expect("[")
        if try takes("]") { return .array([]) }
        var values: [JSONValue] = []
        repeat { values.append(try value(depth: depth + 1, end: end)) } while try more(until: "]")
        return .array(values)
    }

    /// Takes a number, `true`, `false` or `null`, which counts as no value held in memory.
    public mutating func scalar() throws(JSONError) -> JSONValue {
        _ = try token()
        var bytes: [UInt8] = []
        while let byte = try peek(), Self.isPartOfWord(byte) {
            if bytes.count == 1024 { throw malformed("a number of more than 1024 characters") }
            bytes.append(byte)
            position += 1
        }
        let text = String(decoding: bytes, as: UTF8.self)
        switch text {
        case "": throw malformed("a value is missing")
        case "true": return true
        case "false": return false
        case "null": return nil
        default: break
        }
        guard let isWhole = Self.isWholeNumber(bytes) else { throw malformed("'\(text.prefix(40))' is no value") }
        if isWhole, let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else {
            throw malformed("the number \(text.prefix(40)) is too large")
        }
        return .number(number)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whether a number has neither fraction nor exponent; nil for what is no number by the grammar.
    private static func isWholeNumber(_ bytes: [UInt8]) -> Bool? {
        var rest = bytes[...]
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        if whole == 0 || isZero && whole > 1 { return nil }
        if rest.isEmpty { return true }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            if digits() == 0 { return nil }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            if digits() == 0 { return nil }
        }
        return rest.isEmpty ? false : nil
    }
}
