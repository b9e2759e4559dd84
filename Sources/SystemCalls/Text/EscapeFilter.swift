/// Leaves terminal escape codes and stray control characters out of a stream of bytes, those of C1 and those that turn
/// the direction of writing, too.
public struct EscapeFilter: Sendable {
    private enum State {
        case text, escape, control, string, stringEscape
    }

    private var state = State.text
    /// The beginning of a character of several bytes.
    private var held: [UInt8] = []

    /// Starts outside of any code.
    public init() {}

    /// A whole text without codes, on one line.
    public static func plain(_ text: String) -> String {
        var filter = EscapeFilter()
        return Printable.escaped(String(decoding: filter.filtered(text.utf8), as: UTF8.self))
    }

    /// The bytes without codes; a code, or a character, may reach over several calls.
    public mutating func filtered(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            switch state {
            case .text: take(byte, &result)
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

    private mutating func take(_ byte: UInt8, _ result: inout [UInt8]) {
        if byte & 0xC0 == 0x80, let first = held.first {
            held.append(byte)
            if held.count == (first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2) { finishCharacter(&result) }
            return
        }
        if !held.isEmpty || byte & 0xC0 == 0x80 { result += Self.replacement }
        held = []
        switch byte {
        case 0x1B: state = .escape
        case 0x09, 0x0A, 0x0D, 0x20..<0x7F: result.append(byte)
        case 0xC2..<0xF5: held = [byte]
        case 0xC0...: result += Self.replacement
        default: break
        }
    }

    private static let replacement = Array("\u{FFFD}".utf8)

    /// Takes a character of several bytes: it is text, a code's first, nothing, or no character at all.
    private mutating func finishCharacter(_ result: inout [UInt8]) {
        let bytes = held
        held = []
        guard let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first else {
            result += Self.replacement
            return
        }
        switch scalar.value {
        case 0x9B: state = .control
        case 0x90, 0x98, 0x9D...0x9F: state = .string
        default: if Printable.isHarmless(scalar) { result += bytes }
        }
    }
}
