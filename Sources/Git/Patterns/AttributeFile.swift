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

    /// Reads a file's text; `[attr]` lines count only where macros are allowed.
    init(_ file: RuleFile, allowsMacros: Bool) {
        name = file.name
        var lines = file.bytes[...]
        if lines.starts(with: [0xEF, 0xBB, 0xBF]) { lines = lines.dropFirst(3) }
        for (number, line) in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where line.count < Self.maximumLine {
            add(line, number: number + 1, allowsMacros: allowsMacros)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private mutating func add(_ line: ArraySlice<UInt8>, number: Int, allowsMacros: Bool) {
        var rest = line.drop(while: Self.isBlank)
        guard let first = rest.first, first != UInt8(ascii: "#") else { return }
        let pattern: [UInt8]
        if first == UInt8(ascii: "\""), let (text, tail) = QuotedPath.parse(rest) {
            pattern = text
            rest = tail
        } else {
            pattern = Array(rest.prefix { !Self.isBlank($0) })
            rest = rest.dropFirst(pattern.count)
        }
        guard let assignments = Self.assignments(rest) else { return }
        if pattern.starts(with: "[attr]".utf8) {
            let name = String(decoding: pattern.dropFirst(6), as: UTF8.self)
            if allowsMacros, Self.isValid(name) { macros[name] = assignments }
            return
        }
        // Negative patterns are forbidden; Git warns and ignores them.
        if pattern.first == UInt8(ascii: "!") { return }
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
