import SystemCalls

/// What the expansions of a script come to that say where the project is, and those of variables that are known.
enum ShellExpansion {
    /// The variable that stands for the folder of the script, as it is seen from the project's root.
    static let scriptFolder = " script"

    /// Whether a text is a variable's name.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// The value of what begins at an index, nil where it is not known; and the index behind it.
    static func value(
        _ line: [Character], _ start: Int, _ variables: [String: String]
    ) -> (value: String?, end: Int) {
        if line[start] == "`" {
            let end = line[(start + 1)...].firstIndex(of: "`") ?? line.count
            return (command(String(line[(start + 1)..<end]), variables), min(end + 1, line.count))
        }
        guard start + 1 < line.count else { return ("$", line.count) }
        switch line[start + 1] {
        case "(":
            let end = close(line, start + 2, "(", ")")
            return (command(String(line[(start + 2)..<end]), variables), min(end + 1, line.count))
        case "{":
            let end = close(line, start + 2, "{", "}")
            return (parameter(String(line[(start + 2)..<end]), variables), min(end + 1, line.count))
        default:
            let name = line[(start + 1)...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if !isName(String(name)) { return (nil, min(start + 2, line.count)) }
            return (variable(String(name), variables), name.endIndex)
        }
    }

    /// The index of the bracket that closes what is open.
    private static func close(_ line: [Character], _ start: Int, _ open: Character, _ end: Character) -> Int {
        var depth = 1
        for index in start..<max(start, line.count) {
            if line[index] == open { depth += 1 }
            if line[index] == end { depth -= 1 }
            if depth == 0 { return index }
        }
        return line.count
    }

    private static func variable(_ name: String, _ variables: [String: String]) -> String? {
        name == "PWD" ? "." : variables[name]
    }

    /// `NAME`, `NAME:-default`, `NAME-default`, `NAME:=default`.
    private static func parameter(_ text: String, _ variables: [String: String]) -> String? {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName(name) else { return nil }
        if let value = variable(String(name), variables) { return text == name ? value : nil }
        var rest = text.dropFirst(name.count)
        if rest.first == ":" { rest = rest.dropFirst() }
        guard let sign = rest.first, sign == "-" || sign == "=" else { return nil }
        let standard = rest.dropFirst()
        return standard.contains { "$`'\"".contains($0) } ? nil : String(standard)
    }

    /// What a command prints that only says where something is.
    private static func command(_ text: String, _ variables: [String: String]) -> String? {
        let plain = text.filter { $0 != "\"" && $0 != "'" }.split(separator: " ").joined(separator: " ")
        if plain == "pwd" || plain == "pwd -P" || plain.hasPrefix("git rev-parse --show-toplevel") { return "." }
        if plain == "id -u" || plain == "id -g" { return "$(\(plain))" }
        guard let folder = variables[scriptFolder], plain.hasSuffix("pwd") || plain.hasSuffix("pwd -P"),
            plain.hasPrefix("cd "), let start = plain.firstRange(of: "dirname "),
            let end = plain[start.upperBound...].firstIndex(of: ")")
        else { return nil }
        let tail = plain[plain.index(after: end)...].prefix { $0 != " " && $0 != ";" && $0 != "&" }
        return RelativePath.resolving(String(tail.drop { $0 == "/" }), in: RelativePath(folder == "." ? "" : folder))?
            .folderText
    }
}
