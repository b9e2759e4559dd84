import SystemCalls

/// The lines of one `.gitattributes` file.
struct AttributeFile: Sendable {
    /// One line: what it matches and what it assigns.
    struct Rule: Sendable {
        let pattern: PathPattern
        let assignments: [(name: String, value: AttributeValue)]
    }

    /// What messages call the file.
    let name: String
    private(set) var rules: [Rule] = []
    private(set) var macros: [String: [(name: String, value: AttributeValue)]] = [:]

    /// Git ignores longer lines.
    private static let maximumLine = 2048
    /// More macros than anybody has.
    private static let maximumMacros = 1000

    /// Reads a file's text; `[attr]` lines count only where macros are allowed.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - allowsMacros: Whether the file may define macros.
    ///   - isWanted: Whether an attribute or macro matters; lines that name none are left out.
    init(_ file: RuleFile, allowsMacros: Bool, isWanted: (String) -> Bool) {
        name = file.name
        var lines = file.bytes[...]
        if lines.starts(with: [0xEF, 0xBB, 0xBF]) { lines = lines.dropFirst(3) }
        // A line may use a macro that stands below it.
        if allowsMacros { Self.forEachLine(of: lines) { addMacro($1, $2) } }
        Self.forEachLine(of: lines) { add($1, $2, number: $0, isWanted) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// Hands on the number of each line, its pattern, and what follows it.
    private static func forEachLine(
        of lines: ArraySlice<UInt8>, _ body: (Int, ArraySlice<UInt8>, ArraySlice<UInt8>) -> Void
    ) {
        var lines = lines
        var number = 0
        while !lines.isEmpty {
            let line = lines.prefix { $0 != UInt8(ascii: "\n") }
            lines = lines[line.endIndex...].dropFirst()
            number += 1
            let rest = line.drop(while: isBlank)
            guard line.count < maximumLine, let first = rest.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "\""), let (text, tail) = QuotedPath.parse(rest) {
                body(number, text[...], tail)
            } else {
                let pattern = rest.prefix { !isBlank($0) }
                body(number, pattern, rest[pattern.endIndex...])
            }
        }
    }

    private static let macroMark = Array("[attr]".utf8)

    private mutating func addMacro(_ pattern: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) {
        guard pattern.starts(with: Self.macroMark), macros.count < Self.maximumMacros else { return }
        let name = String(decoding: pattern.dropFirst(Self.macroMark.count), as: UTF8.self)
        if Self.isValid(name), let assignments = Self.assignments(rest) { macros[name] = assignments }
    }

    private mutating func add(
        _ pattern: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>, number: Int, _ isWanted: (String) -> Bool
    ) {
        // Negative patterns are forbidden; Git warns and ignores them.
        if rules.count > InputLimit.rules || pattern.first == UInt8(ascii: "!") { return }
        guard !pattern.starts(with: Self.macroMark), let assignments = Self.assignments(rest),
            assignments.contains(where: { macros[$0.name] != nil || isWanted($0.name) })
        else { return }
        rules.append(Rule(pattern: PathPattern(pattern, line: number), assignments: assignments))
    }

    /// The assignments of a line; nil where a name is invalid, which voids the line.
    private static func assignments(_ text: ArraySlice<UInt8>) -> [(name: String, value: AttributeValue)]? {
        var assignments: [(String, AttributeValue)] = []
        for word in text.split(whereSeparator: isBlank) {
            let text = String(decoding: word, as: UTF8.self)
            let name: Substring
            let value: AttributeValue
            if text.hasPrefix("-") || text.hasPrefix("!") {
                value = text.hasPrefix("-") ? .unset : .unspecified
                name = text.dropFirst().prefix { $0 != "=" }
            } else if let equals = text.firstIndex(of: "=") {
                name = text[..<equals]
                value = .value(String(text[text.index(after: equals)...]))
            } else {
                name = text[...]
                value = .set
            }
            guard isValid(name) else { return nil }
            assignments.append((String(name), value))
        }
        return assignments
    }

    private static func isValid(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.utf8.allSatisfy {
                $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                    || $0 == UInt8(ascii: "_")
            }
    }
}
