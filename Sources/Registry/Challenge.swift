/// What a `WWW-Authenticate` field asks for (RFC 9110, 11.6.1).
struct Challenge: Hashable, Sendable {
    /// The scheme in lower case, such as `bearer`.
    let scheme: String
    /// The parameters, names in lower case.
    private(set) var parameters: [String: String] = [:]

    /// The challenges of some fields, in their order; what cannot be read is left out.
    static func parse(_ fields: [String]) -> [Challenge] {
        fields.flatMap { field in
            var scanner = Scanner(rest: Array(field.utf8)[...])
            return scanner.challenges()
        }
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func challenges() -> [Challenge] {
            var found: [Challenge] = []
            while true {
                skip(" \t,")
                let word = token()
                if word.isEmpty { return found }
                let afterWord = rest
                skip(" \t")
                if rest.first == UInt8(ascii: "="), !found.isEmpty {
                    rest = rest.dropFirst()
                    skip(" \t")
                    // A name that occurs twice keeps its first value.
                    let value = value()
                    let name = word.lowercased()
                    if found[found.count - 1].parameters[name] == nil {
                        found[found.count - 1].parameters[name] = value
                    }
                } else {
                    rest = afterWord
                    found.append(Challenge(scheme: word.lowercased()))
                }
            }
        }

        private mutating func skip(_ characters: String) {
            rest = rest.drop { characters.utf8.contains($0) }
        }

        private mutating func token() -> String {
            let word = rest.prefix { !" \t,=\"".utf8.contains($0) }
            rest = rest.dropFirst(word.count)
            return String(decoding: word, as: UTF8.self)
        }

        /// A token, or a quoted text with its escapes removed.
        private mutating func value() -> String {
            guard rest.first == UInt8(ascii: "\"") else { return token() }
            rest = rest.dropFirst()
            var text: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                    text.append(escaped)
                } else {
                    text.append(byte)
                }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}
