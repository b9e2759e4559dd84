import Patterns

extension Instruction {
    /// Splits a joined line.
    init(line: String, escape: Unicode.Scalar) throws(DockerfileError) {
        let trimmed = Array(GoText.trimSpace(line).unicodeScalars)
        let end = trimmed.firstIndex(where: Self.isBlank) ?? trimmed.count
        keyword = String(Text(trimmed[..<end])).uppercased()
        original = line
        var rest = trimmed[end...].drop(while: Self.isBlank)
        flags = InstructionFlags.take(from: &rest)
        let text = GoText.trimSpace(String(Text(rest)))
        switch keyword {
        case "ADD", "COPY", "VOLUME":
            (arguments, isJSON) = try Self.list(text)
            deferred = []
        case "CMD", "ENTRYPOINT", "RUN", "SHELL":
            (arguments, isJSON) = try Self.commandLine(text)
            deferred = []
        case "HEALTHCHECK":
            let scalars = text.unicodeScalars
            let split = scalars.firstIndex(where: GoText.isSpace) ?? scalars.endIndex
            let command = try Self.commandLine(GoText.trimSpace(text[split...]))
            arguments = text.isEmpty ? [] : [String(text[..<split])] + command.arguments
            isJSON = command.isJSON
            deferred = []
        case "ENV", "LABEL":
            (arguments, isJSON, deferred) = (try Self.pairs(text, keyword, escape), false, [])
        case "ARG":
            (arguments, isJSON, deferred) = (Self.words(text, escape), false, [])
        case "EXPOSE", "FROM":
            (arguments, isJSON, deferred) = (Self.fields(text), false, [])
        case "MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR":
            (arguments, isJSON, deferred) = (text.isEmpty ? [] : [text], false, [])
        case "ONBUILD":
            let child = text.isEmpty ? nil : try Self.deferred(text, escape)
            (arguments, isJSON, deferred) = ([], false, child.map { [$0] } ?? [])
        default:
            // An unknown instruction: whoever evaluates it says so.
            (arguments, isJSON, deferred) = ([""], false, [])
        }
    }

    typealias Text = String.UnicodeScalarView

    /// ONBUILD may be nested in the text, although no build accepts it.
    private static func deferred(_ text: String, _ escape: Unicode.Scalar) throws(DockerfileError) -> Instruction {
        let scalars = text.unicodeScalars
        if String(scalars[..<(scalars.firstIndex(where: isBlank) ?? scalars.endIndex)]).uppercased() == "ONBUILD" {
            throw DockerfileError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
        }
        return try Instruction(line: text, escape: escape)
    }

    /// The white space between arguments.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\u{0B}" || scalar == "\u{0C}"
    }

    /// The parts between white space; one at the start or end of the text makes an empty part.
    private static func fields(_ text: String) -> [String] {
        if text.isEmpty { return [] }
        var parts: [String] = []
        var part = Text()
        var wasBlank = false
        for scalar in text.unicodeScalars {
            let isBlank = isBlank(scalar)
            if isBlank, !wasBlank {
                parts.append(String(part))
                part = Text()
            }
            if !isBlank { part.append(scalar) }
            wasBlank = isBlank
        }
        return parts + [String(part)]
    }

    /// A JSON array, else the whole text.
    private static func commandLine(_ text: String) throws(DockerfileError) -> (arguments: [String], isJSON: Bool) {
        if text.isEmpty { return ([], false) }
        if let array = try JSONArray.strings(text) { return (array, true) }
        return ([text], false)
    }

    /// A JSON array, else words.
    private static func list(_ text: String) throws(DockerfileError) -> ([String], Bool) {
        if let array = try JSONArray.strings(text) { return (array, true) }
        return (fields(text), false)
    }

    /// `name=value …`, or `name value` for a single pair.
    private static func pairs(
        _ text: String, _ keyword: String, _ escape: Unicode.Scalar
    ) throws(DockerfileError) -> [String] {
        let words = words(text, escape)
        guard let first = words.first else { return [] }
        if !first.contains("=") {
            let scalars = text.unicodeScalars
            guard let end = scalars.firstIndex(where: isBlank) else {
                throw DockerfileError("\(keyword) must have two arguments")
            }
            return [String(text[..<end]), String(Text(scalars[end...].drop(while: isBlank))), ""]
        }
        var arguments: [String] = []
        for word in words {
            let scalars = word.unicodeScalars
            guard let equals = scalars.firstIndex(of: "=") else {
                throw DockerfileError(
                    "Syntax error - can't find = in \(Quoted.string(word)). Must be of the form: name=value")
            }
            arguments += [String(scalars[..<equals]), String(scalars[scalars.index(after: equals)...]), "="]
        }
        return arguments
    }

    /// Words between white space that is neither quoted nor escaped; quotes and escapes stay.
    private static func words(_ text: String, _ escape: Unicode.Scalar) -> [String] {
        var words: [String] = []
        var word = Text()
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if quote == nil, GoText.isSpace(scalar) {
                if !word.isEmpty { words.append(String(word)) }
                word = Text()
                continue
            }
            if scalar == escape, quote != "'" {
                // An escape at the very end is dropped.
                guard let next = scalars.popFirst() else { break }
                word.append(scalar)
                word.append(next)
                continue
            }
            if quote == scalar {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
            word.append(scalar)
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }
}
