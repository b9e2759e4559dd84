/// Reads a pattern of an ignore file as moby/patternmatcher does: through the regular expression that it makes of it.
///
/// Only corners show that: `[*]` is not a star, since the star inside the brackets is translated, too, and a `^` outside of
/// them stands for the start of the path.
struct IgnoreExpression {
    private var rest: ArraySlice<UInt32>

    /// The tokens of a pattern; nil where it makes no expression.
    static func tokens(of pattern: some Collection<UInt8>) -> [GlobToken]? {
        var expression = IgnoreExpression(rest: translated(GlobToken.characters(of: pattern))[...])
        var tokens: [GlobToken] = []
        while !expression.rest.isEmpty {
            guard let token = expression.token() else { return nil }
            if token != .run || tokens.last != .run { tokens.append(token) }
        }
        return tokens
    }

    private static func characters(_ text: StaticString) -> [UInt32] {
        "\(text)".unicodeScalars.map(\.value)
    }

    private static let run = characters("[^/]*")
    private static let any = characters("[^/]")
    private static let folders = characters("(.*/)?")
    private static let everything = characters(".*")
    private static let escaped = Set(characters(".+()|{}$"))

    /// The regular expression of a pattern, without its ends.
    private static func translated(_ pattern: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var rest = pattern[...]
        while let character = rest.popFirst() {
            switch Unicode.Scalar(character) {
            case "*":
                guard rest.first == Unicode.Scalar("*").value else {
                    result += run
                    continue
                }
                rest.removeFirst()
                if rest.first == slash { rest.removeFirst() }
                result += rest.isEmpty ? everything : folders
            case "?": result += any
            case "\\":
                result.append(character)
                if let next = rest.popFirst() { result.append(next) }
            default:
                if escaped.contains(character) { result.append(Unicode.Scalar("\\").value) }
                result.append(character)
            }
        }
        return result
    }

    private mutating func take(_ text: [UInt32]) -> Bool {
        guard rest.starts(with: text) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool { take([character.value]) }

    private mutating func token() -> GlobToken? {
        if take(Self.run) { return .run }
        if take(Self.any) { return .anyCharacter }
        if take(Self.folders) { return .folders }
        if take(Self.everything) { return .everything }
        if take("^") { return .start }
        if take("[") {
            guard let ranges = set() else { return nil }
            return take("*")
                ? .setRun(ranges: ranges.members, negated: ranges.negated)
                : .set(ranges: ranges.members, negated: ranges.negated)
        }
        _ = take("\\")
        return rest.popFirst().map { .character($0) }
    }

    /// What follows a `[`, up to its `]`.
    private mutating func set() -> (members: [ClosedRange<UInt32>], negated: Bool)? {
        let negated = take("^")
        var members: [ClosedRange<UInt32>] = []
        while members.isEmpty || !take("]") {
            if rest.starts(with: Self.characters("[:")), let end = namedEnd() {
                guard let named = Self.named(Array(rest[..<end])) else { return nil }
                members += named
                rest = rest[end...].dropFirst(2)
                continue
            }
            guard let low = member() else { return nil }
            var high = low
            if rest.count > 1, rest.first == Unicode.Scalar("-").value,
                rest.dropFirst().first != Unicode.Scalar("]").value
            {
                rest.removeFirst()
                guard let end = member(), end >= low else { return nil }
                high = end
            }
            members.append(low...high)
        }
        return (members, negated)
    }

    private mutating func member() -> UInt32? {
        _ = take("\\")
        return rest.popFirst()
    }

    /// Where the `:]` of a `[:name:]` stands.
    private func namedEnd() -> Int? {
        rest.dropFirst(2).indices.first { rest[$0...].starts(with: Self.characters(":]")) }
    }

    /// The characters of `[:name`.
    private static func named(_ text: [UInt32]) -> [ClosedRange<UInt32>]? {
        let name = String(String.UnicodeScalarView(text.dropFirst(2).compactMap(Unicode.Scalar.init)))
        let digits: ClosedRange<UInt32> = 0x30...0x39
        let upper: ClosedRange<UInt32> = 0x41...0x5A
        let lower: ClosedRange<UInt32> = 0x61...0x7A
        switch name {
        case "alnum": return [digits, upper, lower]
        case "alpha": return [upper, lower]
        case "ascii": return [0...0x7F]
        case "blank": return [0x09...0x09, 0x20...0x20]
        case "cntrl": return [0...0x1F, 0x7F...0x7F]
        case "digit": return [digits]
        case "graph": return [0x21...0x7E]
        case "lower": return [lower]
        case "print": return [0x20...0x7E]
        case "punct": return [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "space": return [0x09...0x0D, 0x20...0x20]
        case "upper": return [upper]
        case "word": return [digits, upper, lower, 0x5F...0x5F]
        case "xdigit": return [digits, 0x41...0x46, 0x61...0x66]
        default: return nil
        }
    }
}
