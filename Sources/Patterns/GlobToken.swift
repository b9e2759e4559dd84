/// One step of a compiled path pattern.
///
/// Characters are Unicode scalars; a byte that is no part of valid UTF-8 is a character of its own (0x110000 + byte).
enum GlobToken: Hashable, Sendable {
    /// This character.
    case character(UInt32)
    /// One character, but not `/`.
    case anyCharacter
    /// One character of the ranges, or outside of them.
    case set(ranges: [ClosedRange<UInt32>], negated: Bool)
    /// Any number of characters, but no `/`.
    case run
    /// Any number of characters of the ranges, or outside of them.
    case setRun(ranges: [ClosedRange<UInt32>], negated: Bool)
    /// Nothing, at the start of the path.
    case start
    /// Any number of characters.
    case everything
    /// Nothing, or anything that ends in `/`.
    case folders

    /// The characters of a path or pattern.
    static func characters(of bytes: some Collection<UInt8>) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let first = rest.first {
            if first < 0x80 {
                result.append(UInt32(first))
                rest = rest.dropFirst()
                continue
            }
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            let candidate = rest.prefix(length)
            if candidate.count == length, let text = String(validating: candidate, as: UTF8.self),
                let scalar = text.unicodeScalars.first
            {
                result.append(scalar.value)
                rest = rest.dropFirst(length)
            } else {
                result.append(0x110000 + UInt32(first))
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

/// The character `/`.
let slash = UInt32(UInt8(ascii: "/"))
