/// Patterns of `.gitignore` and `.gitattributes` that match one path and nothing else.
public enum LiteralPattern {
    /// A path as a pattern.
    ///
    /// White space would end the pattern, so a set stands for it, as git-lfs writes it. No quotes are used: `.gitignore`
    /// has none, and git-lfs does not read what Git escapes in them. A byte that is not UTF-8 stands for itself.
    ///
    /// - Parameter keepsBlanks: Leaves a blank as it is where something follows it: in sparse patterns and `.gitignore`
    ///   only one at the end is lost.
    public static func of(_ path: some Collection<UInt8>, keepsBlanks: Bool = false) -> [UInt8] {
        var pattern: [UInt8] = []
        for (number, byte) in path.enumerated() {
            switch byte {
            case 0x20 where keepsBlanks && number + 1 < path.count: pattern.append(byte)
            case 0x20, 0x09...0x0D: pattern += Array("[[:space:]]".utf8)
            case 0..<0x20, 0x7F: pattern += Array("[[:cntrl:]]".utf8)
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"):
                pattern += [UInt8(ascii: "\\"), byte]
            // At the start these are a comment, the opposite, or quotes.
            case UInt8(ascii: "#"), UInt8(ascii: "!"), UInt8(ascii: "\""):
                pattern += byte == UInt8(ascii: "#") || pattern.isEmpty ? [UInt8(ascii: "\\"), byte] : [byte]
            default: pattern.append(byte)
            }
        }
        return pattern
    }
}
