import Patterns

/// The replacement of `${x//p/r}`: BuildKit reads it as a template of Go's regular expressions.
///
/// `$0` and `${0}` stand for the match, `$$` for `$`, and every other name for nothing. Such a `$` can only come from a
/// variable's value, from quotes or behind an escape character.
struct WordTemplate {
    let source: [Unicode.Scalar]

    init(_ text: String) {
        source = Array(text.unicodeScalars)
    }

    /// The text that takes the place of a match.
    func text(for match: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        guard source.contains("$") else { return source[...] }
        var result: [Unicode.Scalar] = []
        var rest = source[...]
        while let scalar = rest.popFirst() {
            guard scalar == "$" else {
                result.append(scalar)
                continue
            }
            if rest.first == "$" {
                result.append("$")
                rest.removeFirst()
                continue
            }
            let isBraced = rest.first == "{"
            let name = rest.dropFirst(isBraced ? 1 : 0).prefix(while: Self.isName)
            let end = rest[name.endIndex...]
            guard !name.isEmpty, !isBraced || end.first == "}" else {
                result.append("$")
                continue
            }
            rest = isBraced ? end.dropFirst() : end
            if name.allSatisfy({ $0 == "0" }) { result += match }
        }
        return result[...]
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        GoText.isLetter(scalar) || GoText.isDigit(scalar) || scalar == "_"
    }
}
