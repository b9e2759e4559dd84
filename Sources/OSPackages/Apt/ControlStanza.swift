/// A stanza of a Packages index, as far as it is needed.
struct ControlStanza: Sendable {
    /// The fields that are kept, by lower-case name.
    private var fields: [String: String] = [:]

    private static let kept: Set<String> = ["package", "sha256", "depends", "pre-depends", "provides", "source"]

    subscript(name: String) -> String? { fields[name] }

    /// All stanzas of a text; a line that is neither a field nor one's continuation is passed over.
    static func all(in text: [UInt8]) -> [ControlStanza] {
        var stanzas: [ControlStanza] = []
        var stanza = ControlStanza()
        var field: String?
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let first = line.first else {
                if !stanza.fields.isEmpty { stanzas.append(stanza) }
                (stanza, field) = (ControlStanza(), nil)
                continue
            }
            if first == 0x20 || first == 0x09 {
                if let field { stanza.fields[field, default: ""] += " " + String(decoding: line, as: UTF8.self) }
                continue
            }
            field = nil
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            if !kept.contains(name) { continue }
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            stanza.fields[name] = String(decoding: value, as: UTF8.self)
            field = name
        }
        if !stanza.fields.isEmpty { stanzas.append(stanza) }
        return stanzas
    }
}
