/// Reads JSON exactly as Go's `encoding/json` does, which decides whether an instruction is in JSON form.
///
/// The project's own reader, `JSONReader`, is no help here: it refuses what Go repairs (half of a surrogate pair, bytes
/// that are no UTF-8), and what builders take for JSON decides which instruction is meant.
struct JSONScanner {
    /// A value, as far as instructions need it.
    enum Value {
        case string(String)
        case array([Value])
        case object([String: Value])
        case other
    }

    private var rest: ArraySlice<UInt8>
    private var depth = 0

    private init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The value that a text holds; nil where it is no JSON.
    static func value(of bytes: [UInt8]) -> Value? {
        var scanner = JSONScanner(bytes)
        guard let value = scanner.value() else { return nil }
        scanner.skipSpace()
        return scanner.rest.isEmpty ? value : nil
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: byte) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func value() -> Value? {
        skipSpace()
        switch rest.first {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "["): return list(closing: "]") { $0.value() }.map { .array($0) }
        case UInt8(ascii: "{"):
            return list(closing: "}") { $0.member() }.map { .object(Dictionary($0) { _, last in last }) }
        default:
            for word in ["true", "false", "null"] where rest.starts(with: word.utf8) {
                rest = rest.dropFirst(word.utf8.count)
                return .other
            }
            return number()
        }
    }

    /// The elements between brackets; Go reads 10,000 levels, here 500 must do.
    private mutating func list<Element>(
        closing: Unicode.Scalar, _ element: (inout JSONScanner) -> Element?
    ) -> [Element]? {
        rest.removeFirst()
        depth += 1
        defer { depth -= 1 }
        skipSpace()
        if depth > 500 || take(closing) { return depth > 500 ? nil : [] }
        var values: [Element] = []
        while let value = element(&self) {
            values.append(value)
            skipSpace()
            if take(closing) { return values }
            guard take(",") else { return nil }
        }
        return nil
    }

    private mutating func member() -> (String, Value)? {
        skipSpace()
        guard rest.first == UInt8(ascii: "\""), let name = string() else { return nil }
        skipSpace()
        guard take(":"), let value = value() else { return nil }
        return (name, value)
    }

    private mutating func digits() -> Bool {
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        rest = rest.dropFirst(count)
        return count > 0
    }

    /// A number; one that no 64-bit float can hold is no JSON to Go.
    private mutating func number() -> Value? {
        let start = rest
        _ = take("-")
        if !take("0"), !digits() { return nil }
        if take("."), !digits() { return nil }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            if !digits() { return nil }
        }
        let text = String(decoding: start[..<rest.startIndex], as: UTF8.self)
        return Double(text)?.isFinite == true ? .other : nil
    }

    /// A string; a byte that is no UTF-8 and half of a surrogate pair become U+FFFD.
    private mutating func string() -> String? {
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
            case 0..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let first = unit() else { return nil }
            if let scalar = Unicode.Scalar(first) { return scalar }
            let behind = rest
            if UTF16.isLeadSurrogate(first), rest.starts(with: "\\u".utf8) {
                rest = rest.dropFirst(2)
                guard let second = unit() else { return nil }
                if UTF16.isTrailSurrogate(second) {
                    return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
                }
                rest = behind
            }
            return "\u{FFFD}"
        default: return nil
        }
    }

    private mutating func unit() -> UInt16? {
        let digits = rest.prefix(4)
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16),
            digits.first != UInt8(ascii: "+")
        else { return nil }
        rest = rest.dropFirst(4)
        return unit
    }
}
