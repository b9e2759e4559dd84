extension JSONReader {
    /// Takes a string, escapes resolved: its bytes, which are UTF-8.
    public mutating func string() throws(JSONError) -> [UInt8] {
        guard try takes("\"") else { throw malformed("a string is missing") }
        let start = offset
        var text: [UInt8] = []
        var isASCII = true
        while true {
            guard try peek() != nil else { throw malformed("a string is not closed") }
            let end = plainEnd(&isASCII)
            text += buffer[position..<end]
            position = end
            if offset - start > limits.bytes { throw malformed("more than \(limits.bytes) bytes in a string") }
            if end == count { continue }
            switch buffer[end] {
            case UInt8(ascii: "\""):
                if !isASCII, String(validating: text, as: UTF8.self) == nil {
                    throw malformed("a string is no UTF-8")
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                text += UTF8.encode(try escaped()).map(Array.init) ?? []
            default: throw malformed("a control character stands in a string")
            }
        }
    }

    /// Where the bytes that stand for themselves end, within the buffer.
    private func plainEnd(_ isASCII: inout Bool) -> Int {
        var index = position
        while index < count {
            let byte = buffer[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            if byte >= 0x80 { isASCII = false }
            index += 1
        }
        return index
    }

    /// Takes what follows a backslash.
    private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        switch try take() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try unit()
            if let scalar = Unicode.Scalar(first) { return scalar }
            if (0xD800..<0xDC00).contains(first), try take() == UInt8(ascii: "\\"), try take() == UInt8(ascii: "u") {
                let second = try unit()
                if (0xDC00..<0xE000).contains(second),
                    let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                {
                    return scalar
                }
            }
            throw malformed("half of a surrogate pair stands in a string")
        default: throw malformed("an escape that JSON does not have")
        }
    }

    /// Takes the four digits of `\u`.
    private mutating func unit() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try take()
            let digit: UInt8 =
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
                default: throw malformed("\\u without four digits")
                }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
