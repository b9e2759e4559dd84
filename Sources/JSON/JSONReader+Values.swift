extension JSONReader {
    /// Takes a whole value and holds it in memory.
    public mutating func value() throws(JSONError) -> JSONValue {
        var budget = Budget(values: limits.values, end: offset + limits.bytes)
        return try value(depth: 0, &budget)
    }

    /// What one value may still be made of.
    private struct Budget {
        var values: Int
        let end: Int
    }

    private mutating func value(depth: Int, _ budget: inout Budget) throws(JSONError) -> JSONValue {
        try spend(&budget)
        if depth > limits.depth { throw malformed("nested more than \(limits.depth) deep") }
        switch try token() {
        case UInt8(ascii: "\""): return .string(String(decoding: try string(), as: UTF8.self))
        case UInt8(ascii: "{"): return try object(depth: depth, &budget)
        case UInt8(ascii: "["): return try array(depth: depth, &budget)
        default: return try word()
        }
    }

    private mutating func spend(_ budget: inout Budget) throws(JSONError) {
        budget.values -= 1
        if budget.values < 0 { throw malformed("more than \(limits.values) values") }
        if offset > budget.end { throw malformed("more than \(limits.bytes) bytes in a value") }
    }

    private mutating func object(depth: Int, _ budget: inout Budget) throws(JSONError) -> JSONValue {
        try expect("{")
        if try takes("}") { return .object([]) }
        var members: [JSONValue.Member] = []
        repeat {
            try spend(&budget)
            let name = String(decoding: try string(), as: UTF8.self)
            try expect(":")
            members.append(JSONValue.Member(name, try value(depth: depth + 1, &budget)))
        } while try more(until: "}")
        return .object(members)
    }

    private mutating func array(depth: Int, _ budget: inout Budget) throws(JSONError) -> JSONValue {
        try expect("[")
        if try takes("]") { return .array([]) }
        var values: [JSONValue] = []
        repeat { values.append(try value(depth: depth + 1, &budget)) } while try more(until: "]")
        return .array(values)
    }

    /// Takes a number, `true`, `false` or `null`.
    private mutating func word() throws(JSONError) -> JSONValue {
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
