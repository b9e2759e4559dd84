import Hashing
import JSON
import SystemCalls

/// A value of the key's canonical encoding (netstrings, lists, sorted maps): no two values share an encoding.
package enum CanonicalValue: Hashable, Sendable {
    case atom([UInt8])
    case list([CanonicalValue])
    /// A map; it is encoded as the list of its pairs, sorted by the bytes of the keys.
    case map([String: CanonicalValue])
    case bool(Bool)
    case none

    /// The UTF-8 bytes of a text as an atom.
    package static func text(_ text: some StringProtocol) -> CanonicalValue { .atom(Array(text.utf8)) }

    /// A whole number as its decimal digits.
    package static func number(_ number: some BinaryInteger) -> CanonicalValue { .text(String(number)) }

    /// A map of texts.
    package static func strings(_ map: [String: String]) -> CanonicalValue { .map(map.mapValues { .text($0) }) }

    /// A digest as its hexadecimal digits.
    package static func digest(_ digest: SHA256Digest) -> CanonicalValue { .text(digest.hexadecimal) }

    /// A JSON value in canonical form; numbers become their decimal text.
    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(value)
        case .number(let value): self = .text("\(value)")
        case .string(let value): self = .text(value)
        case .array(let values): self = .list(values.map { CanonicalValue($0) })
        case .object(let members):
            self = .map(Dictionary(members.map { ($0.name, CanonicalValue($0.value)) }) { _, last in last })
        }
    }

    /// Appends the value's encoding.
    func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .atom(let bytes): encoder.atom(bytes)
        case .list(let values):
            encoder.open()
            for value in values { value.encode(into: &encoder) }
            encoder.close()
        case .map(let values):
            encoder.open()
            for (key, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                encoder.open()
                encoder.atom(key.utf8)
                value.encode(into: &encoder)
                encoder.close()
            }
            encoder.close()
        case .bool(let value): encoder.bytes.append(value ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .none: encoder.bytes.append(UInt8(ascii: "~"))
        }
    }

    /// The value's canonical bytes.
    package var encoded: [UInt8] {
        var encoder = CanonicalEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }

    /// The SHA-256 of the canonical bytes.
    package var digest: SHA256Digest { SHA256Digest(of: encoded) }
}

/// Appends canonical encodings to a byte buffer.
struct CanonicalEncoder {
    /// What has been encoded so far.
    var bytes: [UInt8] = []

    /// Appends an atom: decimal length, `:`, the bytes, `,`.
    mutating func atom(_ value: some Collection<UInt8>) {
        decimal(value.count)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: value)
        bytes.append(UInt8(ascii: ","))
    }

    /// Starts a list.
    mutating func open() { bytes.append(UInt8(ascii: "(")) }

    /// Ends a list.
    mutating func close() { bytes.append(UInt8(ascii: ")")) }

    private mutating func decimal(_ number: Int) {
        if number >= 10 { decimal(number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
