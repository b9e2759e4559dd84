/// The pattern of `${x#p}`, `${x%p}` and `${x/p/r}`: `*` and `?` within one line, `\` before a character to take literally.
struct WordPattern {
    private enum Token {
        case character(Unicode.Scalar)
        case any
        case run
    }

    private var tokens: [Token]

    /// How many steps matching a value takes at most, for each time that a match is looked for.
    func steps(on value: String) -> Int { (tokens.count + 1) * (value.utf8.count + 1) }

    /// Reads a pattern, or the one that matches the same texts read backwards.
    init(_ text: String, backwards: Bool = false) throws(WordError) {
        tokens = []
        var scalars = (backwards ? Self.reversed(text) : Array(text.unicodeScalars))[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "*": tokens.append(.run)
            case "?": tokens.append(.any)
            case "\\":
                // The escape of } and / is only there to get past the end of the substitution.
                if scalars.first == "}" || scalars.first == "/" { continue }
                let next = scalars.popFirst() ?? "\u{FFFD}"
                guard next == "*" || next == "?" || next == "\\" else {
                    throw WordError("invalid pattern (\(text)) in substitution: invalid escape '\\\(next)'")
                }
                tokens.append(.character(next))
            default: tokens.append(.character(scalar))
            }
        }
    }

    /// A pattern from its end to its start; an escape character stays before the character that follows it.
    private static func reversed(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\\", let next = scalars.popFirst() { result.append(next) }
            result.append(scalar)
        }
        return result.reversed()
    }

    /// The value without the part at its start that matches: the longest one, or the shortest.
    func removingPrefix(of value: String, longest: Bool) -> String {
        let scalars = Array(value.unicodeScalars)
        guard let match = Self.match(tokens, scalars[...], anchored: true, longest: longest) else { return value }
        return Self.text(scalars[match.upperBound...])
    }

    /// The value without the part at its end that matches, for a pattern read backwards: the longest one, or the shortest.
    func removingSuffix(of value: String, longest: Bool) -> String {
        let scalars = Array(value.unicodeScalars.reversed())
        guard let match = Self.match(tokens, scalars[...], anchored: true, longest: longest) else {
            return value
        }
        return Self.text(scalars[match.upperBound...].reversed())
    }

    /// The value with the first match, or every match, replaced; for every match, the replacement is a template.
    func replacing(in value: String, with replacement: String, everywhere: Bool) -> String {
        let scalars = Array(value.unicodeScalars)
        let template = WordTemplate(replacement)
        var result = String.UnicodeScalarView()
        var position = 0
        var lastEnd = -1
        while position <= scalars.count {
            guard let match = Self.match(tokens, scalars[position...], anchored: false, longest: true) else { break }
            result.append(contentsOf: scalars[position..<match.lowerBound])
            // An empty match right behind another one does not count.
            if !match.isEmpty || match.lowerBound != lastEnd {
                result.append(contentsOf: everywhere ? template.text(for: scalars[match]) : template.source[...])
            }
            position = match.upperBound
            lastEnd = match.upperBound
            if !everywhere { break }
            if match.isEmpty {
                if position < scalars.count { result.append(scalars[position]) }
                position += 1
            }
        }
        if position < scalars.count { result.append(contentsOf: scalars[position...]) }
        return String(result)
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The leftmost match, following all ways through the pattern at once.
    private static func match(
        _ tokens: [Token], _ value: ArraySlice<Unicode.Scalar>, anchored: Bool, longest: Bool
    ) -> Range<Int>? {
        // For each position in the pattern, where the leftmost way to it began.
        var starts = [Int?](repeating: nil, count: tokens.count + 1)
        var best: Range<Int>?
        var index = value.startIndex
        while true {
            if index == value.startIndex || (!anchored && best == nil) { enter(0, from: index, tokens, &starts) }
            if let start = starts[tokens.count], best == nil || start <= best?.lowerBound ?? start {
                best = start..<index
                if !longest { return best }
            }
            guard index < value.endIndex else { return best }
            var next = [Int?](repeating: nil, count: tokens.count + 1)
            var isAlive = false
            for (position, token) in tokens.enumerated() {
                guard let start = starts[position], start <= best?.lowerBound ?? start else { continue }
                switch token {
                case .character(let wanted):
                    guard wanted == value[index] else { continue }
                    enter(position + 1, from: start, tokens, &next)
                case .any:
                    guard value[index] != "\n" else { continue }
                    enter(position + 1, from: start, tokens, &next)
                case .run:
                    guard value[index] != "\n" else { continue }
                    enter(position, from: start, tokens, &next)
                }
                isAlive = true
            }
            if !isAlive, anchored || best != nil { return best }
            starts = next
            index += 1
        }
    }

    private static func enter(_ first: Int, from start: Int, _ tokens: [Token], _ starts: inout [Int?]) {
        var position = first
        while true {
            if let known = starts[position], known <= start { return }
            starts[position] = start
            guard position < tokens.count, case .run = tokens[position] else { return }
            position += 1
        }
    }
}
