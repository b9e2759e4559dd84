/// One pass of a `WordExpander` over a word.
struct WordExpansion {
    let options: WordExpander
    private let variable: (String) -> WordExpander.Variable
    private(set) var source: [Unicode.Scalar]
    var index = 0
    private var depth = 0
    private var budget: Int
    private var outcome = WordExpander.Result()
    private var keepsEscapes: Bool

    /// A piece of the result, and whether white space in it splits words.
    private typealias Text = String.UnicodeScalarView

    init(_ options: WordExpander, _ word: String, _ variable: @escaping (String) -> WordExpander.Variable) {
        self.options = options
        self.variable = variable
        source = Array(word.unicodeScalars)
        budget = source.count + options.growthLimit
        keepsEscapes = options.keepsEscapes
    }

    /// The next character; nil at the end.
    var next: Unicode.Scalar? { index < source.count ? source[index] : nil }

    /// Takes the next character.
    mutating func take() -> Unicode.Scalar? {
        guard index < source.count else { return nil }
        index += 1
        return source[index - 1]
    }

    mutating func result() throws(WordError) -> WordExpander.Result {
        var words = WordSplitter()
        outcome.word = try word(upTo: nil, &words)
        outcome.words = words.finish()
        return outcome
    }

    /// Looks a variable up and takes note of it.
    mutating func value(_ name: String) throws(WordError) -> WordExpander.Variable {
        let value = variable(name)
        switch value {
        case .unset: outcome.unset.insert(name)
        case .unknown: outcome.unknown.insert(name)
        case .set(let text):
            outcome.used.insert(name)
            budget -= text.unicodeScalars.count
            if budget < 0 { throw WordError("the word becomes too long") }
        }
        return value
    }

    /// Takes note of the steps that a pattern will take.
    mutating func spend(_ pattern: WordPattern, on value: String) throws(WordError) {
        outcome.patternSteps += pattern.steps(on: value)
        if outcome.patternSteps > options.patternSteps {
            throw WordError("the patterns and values of the file are too long for each other")
        }
    }

    /// Reads a part inside `${…}`, in which escapes may have to stay.
    mutating func part(upTo end: Unicode.Scalar, keepsEscapes keep: Bool) throws(WordError) -> String {
        depth += 1
        defer { depth -= 1 }
        if depth > 64 { throw WordError("substitutions are nested too deeply") }
        let outer = keepsEscapes
        keepsEscapes = keep
        defer { keepsEscapes = outer }
        var words = WordSplitter()
        return try word(upTo: end, &words)
    }

    /// Reads up to an unquoted end character, or to the end of the text.
    private mutating func word(upTo end: Unicode.Scalar?, _ words: inout WordSplitter) throws(WordError) -> String {
        var result = Text()
        while let scalar = next {
            if scalar == end {
                index += 1
                return String(result)
            }
            switch scalar {
            case "$":
                let value = try dollar()
                result.append(contentsOf: value.unicodeScalars)
                for scalar in value.unicodeScalars { words.add(scalar) }
            case "'" where !options.ignoresQuotes, "\"" where !options.ignoresQuotes:
                let value = scalar == "'" ? try singleQuoted() : try doubleQuoted()
                result.append(contentsOf: value.unicodeScalars)
                words.addLiterally(value.unicodeScalars)
            case "<":
                // White space between `<<` and a heredoc's delimiter does not part them.
                let start = index
                while index < start + 2, next == "<" { index += 1 }
                if index == start + 2 {
                    while next == " " || next == "\t" || next == "\r" { index += 1 }
                }
                words.addLiterally(source[start..<index])
                result.append(contentsOf: source[start..<index])
            case options.escape:
                index += 1
                if keepsEscapes {
                    words.addLiterally([scalar])
                    result.append(scalar)
                }
                guard let escaped = take() else { break }
                words.addLiterally([escaped])
                result.append(escaped)
            default:
                index += 1
                words.add(scalar)
                result.append(scalar)
            }
        }
        if let end { throw WordError("unexpected end of statement while looking for matching \(end)") }
        return String(result)
    }

    private mutating func singleQuoted() throws(WordError) -> String {
        var result = Text()
        if let quote = take(), options.keepsQuotes { result.append(quote) }
        while let scalar = take() {
            if scalar == "'" {
                if options.keepsQuotes { result.append(scalar) }
                return String(result)
            }
            result.append(scalar)
        }
        throw WordError("unexpected end of statement while looking for matching single-quote")
    }

    private mutating func doubleQuoted() throws(WordError) -> String {
        var result = Text()
        if let quote = take(), options.keepsQuotes { result.append(quote) }
        while let scalar = next {
            switch scalar {
            case "\"":
                index += 1
                if options.keepsQuotes { result.append(scalar) }
                return String(result)
            case "$":
                result.append(contentsOf: try dollar().unicodeScalars)
            case options.escape:
                index += 1
                if keepsEscapes { result.append(scalar) }
                guard let escaped = next else { continue }
                // Any other character keeps its escape.
                if escaped == "\"" || escaped == "$" || escaped == options.escape {
                    index += 1
                    result.append(escaped)
                } else {
                    result.append(scalar)
                }
            default:
                index += 1
                result.append(scalar)
            }
        }
        throw WordError("unexpected end of statement while looking for matching double-quote")
    }
}
