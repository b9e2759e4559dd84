extension Glob {
    /// How `**` is read.
    enum Dialect {
        /// Go's `path.Match`: two stars are one.
        case pathMatch
        /// Ignore files: `**/` is any number of folders, a trailing `**` everything.
        case ignore
    }

    /// Reads a pattern; nil where it is malformed, by the rules of Go's `path.Match`.
    init?(_ pattern: some Collection<UInt8>, dialect: Dialect) {
        if dialect == .ignore {
            guard let tokens = IgnoreExpression.tokens(of: pattern) else { return nil }
            self.init(tokens)
            return
        }
        let source = GlobToken.characters(of: pattern)
        var tokens: [GlobToken] = []
        var index = 0
        while index < source.count {
            let character = source[index]
            index += 1
            switch character {
            case "*":
                if tokens.last != .run { tokens.append(.run) }
            case "?":
                tokens.append(.anyCharacter)
            case "[":
                guard let set = Self.set(source, &index) else { return nil }
                tokens.append(set)
            case "\\":
                guard index < source.count else { return nil }
                tokens.append(.character(source[index]))
                index += 1
            default:
                tokens.append(.character(character))
            }
        }
        self.init(tokens)
    }

    /// Reads what follows a `[`, up to its `]`.
    private static func set(_ source: [UInt32], _ index: inout Int) -> GlobToken? {
        var negated = false
        if index < source.count, source[index] == "^" {
            negated = true
            index += 1
        }
        var ranges: [ClosedRange<UInt32>] = []
        while true {
            if index < source.count, source[index] == "]", !ranges.isEmpty {
                index += 1
                return .set(ranges: ranges, negated: negated)
            }
            guard let low = member(source, &index) else { return nil }
            var high = low
            if source[index] == "-" {
                index += 1
                guard let end = member(source, &index) else { return nil }
                high = end
            }
            // A range that is turned round holds nothing, but counts as one.
            ranges.append(low <= high ? low...high : 0x11_0000...0x11_0000)
        }
    }

    /// Reads a character of a set; there must be more behind it.
    private static func member(_ source: [UInt32], _ index: inout Int) -> UInt32? {
        guard index < source.count, source[index] != "-", source[index] != "]" else { return nil }
        if source[index] == "\\" { index += 1 }
        guard index + 1 < source.count else { return nil }
        index += 1
        return source[index - 1]
    }
}

extension UInt32 {
    fileprivate static func == (left: UInt32, right: Unicode.Scalar) -> Bool { left == right.value }
    fileprivate static func != (left: UInt32, right: Unicode.Scalar) -> Bool { left != right.value }
    fileprivate static func ~= (pattern: Unicode.Scalar, value: UInt32) -> Bool { pattern.value == value }
}
