/// The C-style quoting of paths in Git's files and output.
public enum QuotedPath {
    /// A path in quotes, as `parse` and Git read it: nothing in it ends a line or a word.
    static func quoted(_ path: [UInt8]) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "\"")]
        for byte in path {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F:
                text += [UInt8(ascii: "\\")] + [byte >> 6, byte >> 3 & 7, byte & 7].map { UInt8(ascii: "0") + $0 }
            default: text.append(byte)
            }
        }
        return text + [UInt8(ascii: "\"")]
    }

    /// Reads a quoted text at the start of `bytes`, and what follows it; nil where it is not well formed.
    public static func parse(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], rest: ArraySlice<UInt8>)? {
        guard bytes.first == UInt8(ascii: "\"") else { return nil }
        var rest = bytes.dropFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return (text, rest) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            switch escaped {
            case UInt8(ascii: "a"): text.append(7)
            case UInt8(ascii: "b"): text.append(8)
            case UInt8(ascii: "f"): text.append(12)
            case UInt8(ascii: "n"): text.append(10)
            case UInt8(ascii: "r"): text.append(13)
            case UInt8(ascii: "t"): text.append(9)
            case UInt8(ascii: "v"): text.append(11)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(escaped)
            case UInt8(ascii: "0")...UInt8(ascii: "3"):
                var value = Int(escaped - UInt8(ascii: "0"))
                for _ in 0..<2 {
                    guard let digit = rest.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
                        return nil
                    }
                    value = value << 3 | Int(digit - UInt8(ascii: "0"))
                }
                text.append(UInt8(truncatingIfNeeded: value))
            default: return nil
            }
        }
        return nil
    }
}
