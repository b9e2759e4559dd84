import Patterns

extension WordExpansion {
    /// Reads a `$` and what belongs to it.
    mutating func dollar() throws(WordError) -> String {
        index += 1
        if next != "{" {
            let name = name()
            if name.isEmpty { return "$" }
            return text(try value(name), keeping: "$\(name)")
        }
        index += 1
        switch next {
        case nil: throw WordError("syntax error: missing '}'")
        case "{", "}", ":": throw WordError("syntax error: bad substitution")
        default: break
        }
        let name = name()
        switch take() {
        case "}":
            return text(try value(name), keeping: "${\(name)}")
        case ":":
            return try conditional(name, take(), emptyIsUnset: true)
        case let modifier? where modifier == "+" || modifier == "-" || modifier == "?":
            return try conditional(name, modifier, emptyIsUnset: false)
        case let modifier? where modifier == "#" || modifier == "%":
            return try trimmed(name, modifier)
        case "/":
            return try replaced(name)
        case let modifier:
            throw unsupported("", modifier)
        }
    }

    private func unsupported(_ start: String, _ modifier: Unicode.Scalar?) -> WordError {
        WordError("unsupported modifier (\(start)\(modifier.map(String.init) ?? "\u{FFFD}")) in substitution")
    }

    /// A variable's value; nothing, or the text as written, where it has none.
    private func text(_ variable: WordExpander.Variable, keeping written: String) -> String {
        switch variable {
        case .set(let value): value
        case .unset: options.keepsUnset ? written : ""
        case .unknown: ""
        }
    }

    /// Reads a part up to its end character; one that is not there is named as the fault.
    private mutating func operand(_ end: Unicode.Scalar, keepsEscapes: Bool) throws(WordError) -> String {
        do {
            return try part(upTo: end, keepsEscapes: keepsEscapes)
        } catch {
            if next == nil { throw WordError("syntax error: missing '\(end)'\(end == "/" ? " in ${}" : "")") }
            throw error
        }
    }

    /// `${x:-y} ${x-y} ${x:+y} ${x+y} ${x:?e} ${x?e}`.
    ///
    /// No other modifier may stand behind a `:`, but where unset variables stay as they are, such a text stays, too.
    private mutating func conditional(
        _ name: String, _ modifier: Unicode.Scalar?, emptyIsUnset: Bool
    ) throws(WordError) -> String {
        if modifier == "#" || modifier == "%" { throw unsupported(":", modifier) }
        let word = try operand("}", keepsEscapes: false)
        guard let modifier else { throw unsupported(":", modifier) }
        let value = try value(name)
        if value == .unset, options.keepsUnset { return "${\(name)\(emptyIsUnset ? ":" : "")\(modifier)\(word)}" }
        guard modifier == "+" || modifier == "-" || modifier == "?" else { throw unsupported(":", modifier) }
        var isSet = value != .unset && value != .unknown
        var text = ""
        if case .set(let known) = value { text = known }
        if emptyIsUnset, text.isEmpty { isSet = false }
        switch modifier {
        case "-": return isSet ? text : word
        case "+": return isSet ? word : ""
        default:
            if isSet || value == .unknown { return text }
            let reason = value == .unset ? "is not allowed to be unset" : "is not allowed to be empty"
            throw WordError("\(name): \(word.isEmpty ? reason : word)")
        }
    }

    /// `${x#p} ${x##p} ${x%p} ${x%%p}`.
    private mutating func trimmed(_ name: String, _ modifier: Unicode.Scalar) throws(WordError) -> String {
        let word = try operand("}", keepsEscapes: true)
        let value = try value(name)
        if value == .unset, options.keepsUnset { return "${\(name)\(modifier)\(word)}" }
        let longest = word.unicodeScalars.first == modifier
        let pattern = try WordPattern(
            longest ? String(word.unicodeScalars.dropFirst()) : word, backwards: modifier == "%")
        guard case .set(let text) = value else { return "" }
        return modifier == "#"
            ? pattern.removingPrefix(of: text, longest: longest) : pattern.removingSuffix(of: text, longest: longest)
    }

    /// `${x/p/r} ${x//p/r}`.
    private mutating func replaced(_ name: String) throws(WordError) -> String {
        let everywhere = next == "/"
        if everywhere { index += 1 }
        let pattern = try operand("/", keepsEscapes: true)
        let replacement = try operand("}", keepsEscapes: true)
        let value = try value(name)
        if value == .unset, options.keepsUnset { return "${\(name)/\(pattern)/\(replacement)}" }
        let compiled = try WordPattern(pattern)
        let text = if case .set(let known) = value { known } else { "" }
        let result = compiled.replacing(in: text, with: replacement, everywhere: everywhere)
        if result.utf8.count > text.utf8.count + options.growthLimit { throw WordError("the word becomes too long") }
        return result
    }

    /// Reads a variable's name: letters, digits and `_`, or digits alone, or one special character.
    private mutating func name() -> String {
        var name = String.UnicodeScalarView()
        while let scalar = next {
            if name.isEmpty {
                if GoText.isDigit(scalar) {
                    while let digit = next, GoText.isDigit(digit) {
                        name.append(digit)
                        index += 1
                    }
                    return String(name)
                }
                if "@*#?-$!0".unicodeScalars.contains(scalar) {
                    index += 1
                    return String(scalar)
                }
            }
            guard GoText.isLetter(scalar) || GoText.isDigit(scalar) || scalar == "_" else { break }
            name.append(scalar)
            index += 1
        }
        return String(name)
    }
}
