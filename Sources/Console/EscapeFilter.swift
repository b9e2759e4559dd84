/// Leaves terminal escape codes and stray control characters out of a stream of bytes.
struct EscapeFilter: Sendable {
    private enum State {
        case text, escape, control, string, stringEscape
    }

    private var state = State.text

    /// The bytes without codes; a code may reach over several calls.
    mutating func filtered(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            switch state {
            case .text:
                if byte == 0x1B {
                    state = .escape
                } else if byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                    result.append(byte)
                }
            case .escape:
                switch byte {
                case UInt8(ascii: "["): state = .control
                case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "X"):
                    state = .string
                case 0x20...0x2F: break
                default: state = .text
                }
            case .control:
                if (0x40...0x7E).contains(byte) { state = .text }
            case .string:
                if byte == 0x07 { state = .text } else if byte == 0x1B { state = .stringEscape }
            case .stringEscape:
                state = byte == UInt8(ascii: "\\") ? .text : .string
            }
        }
        return result
    }
}
