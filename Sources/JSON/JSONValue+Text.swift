extension JSONValue {
    /// The value as compact JSON text: no spaces, members in their order, `/` not escaped (RFC 8259).
    public var text: String {
        var output: [UInt8] = []
        write(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// The value as JSON text with `, ` and `: `, on one line.
    public var spacedText: String {
        var output: [UInt8] = []
        write(to: &output, spaced: true)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the value's JSON text to `output`.
    public func write(to output: inout [UInt8], spaced: Bool = false) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .number(let value): output += (value.isFinite ? "\(value)" : "null").utf8
        case .string(let value): Self.write(value, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output += (spaced ? ", " : ",").utf8 }
                value.write(to: &output, spaced: spaced)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output += (spaced ? ", " : ",").utf8 }
                member.write(to: &output, spaced: spaced)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a string with the escapes that RFC 8259 asks for.
    fileprivate static func write(_ string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output += "\\\"".utf8
            case UInt8(ascii: "\\"): output += "\\\\".utf8
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                output += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension JSONValue.Member {
    /// Appends the member's JSON text, `"NAME":VALUE`, to `output`.
    public func write(to output: inout [UInt8], spaced: Bool = false) {
        JSONValue.write(name, to: &output)
        output += (spaced ? ": " : ":").utf8
        value.write(to: &output, spaced: spaced)
    }
}
