/// Reads the text of one Git configuration file, as `git help config` ("Syntax") describes it.
struct GitConfigurationParser {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The variables in the order of the file, with canonical names.
    static func parse(_ bytes: [UInt8], file: String) throws(GitError) -> [(name: String, value: String?, line: Int)] {
        var parser = GitConfigurationParser(bytes, file: file)
        var variables: [(String, String?, Int)] = []
        var section = ""
        while let byte = parser.next() {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "#"), UInt8(ascii: ";"): parser.skipLine()
            case UInt8(ascii: "["): section = try parser.section()
            default:
                guard byte.isLetter, !section.isEmpty else { throw parser.failure() }
                let line = parser.line
                let (name, value) = try parser.variable(first: byte, section: section)
                variables.append((name, value, line))
            }
        }
        return variables
    }

    /// The next byte, CR LF taken as LF; nil at the end.
    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "\n")
        {
            position += 1
        }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    private mutating func skipLine() {
        while let byte = next(), byte != UInt8(ascii: "\n") {}
    }

    /// What follows `[`: `name]`, `name "subsection"]` or the old `name.subsection]`.
    private mutating func section() throws(GitError) -> String {
        var name: [UInt8] = []
        while let byte = next() {
            if byte == UInt8(ascii: "]") { return String(keeping: name) }
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                return String(decoding: name, as: UTF8.self) + "." + (try subsection())
            }
            guard byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") else { break }
            name.append(byte.lowercased)
        }
        throw failure()
    }

    private mutating func subsection() throws(GitError) -> String {
        var name: [UInt8] = []
        var byte = next()
        while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { byte = next() }
        guard byte == UInt8(ascii: "\"") else { throw failure() }
        while let byte = next(), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\"") {
                guard next() == UInt8(ascii: "]") else { break }
                return String(keeping: name)
            }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = next(), escaped != UInt8(ascii: "\n") else { break }
            name.append(escaped)
        }
        throw failure()
    }

    private mutating func variable(first: UInt8, section: String) throws(GitError) -> (String, String?) {
        var name = [first.lowercased]
        var byte = next()
        while let letter = byte, letter.isLetter || letter.isDigit || letter == UInt8(ascii: "-") {
            name.append(letter.lowercased)
            byte = next()
        }
        while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { byte = next() }
        let full = section + "." + String(decoding: name, as: UTF8.self)
        switch byte {
        case UInt8(ascii: "="): return (full, try value())
        case nil, UInt8(ascii: "\n"): return (full, nil)
        case UInt8(ascii: "#"), UInt8(ascii: ";"):
            skipLine()
            return (full, nil)
        default: throw failure()
        }
    }

    private mutating func value() throws(GitError) -> String {
        var value: [UInt8] = []
        var blanks: [UInt8] = []
        var quoted = false
        while let byte = next(), byte != UInt8(ascii: "\n") || quoted {
            if byte == UInt8(ascii: "\n") { throw failure() }
            if !quoted, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                if !value.isEmpty { blanks.append(byte) }
                continue
            }
            if !quoted, byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
                skipLine()
                return String(keeping: value)
            }
            value += blanks
            blanks = []
            switch byte {
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: "\\"):
                switch next() {
                case UInt8(ascii: "\n"), nil: break
                case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "t"): value.append(UInt8(ascii: "\t"))
                case UInt8(ascii: "b"): value.append(8)
                case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
                case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
                default: throw failure()
                }
            default: value.append(byte)
            }
        }
        if quoted { throw failure() }
        return String(keeping: value)
    }

    private func failure() -> GitError {
        // The end of the line may have been taken already.
        let line = position > 0 && bytes[position - 1] == UInt8(ascii: "\n") ? line - 1 : line
        return GitError(.invalid, "read", "Git configuration", "bad config line \(line) in file \(file)")
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII letter.
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    /// The byte with an ASCII letter in lower case.
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
