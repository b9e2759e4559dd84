import JSON

/// Something that a configuration file wants, and that only somebody who trusts the file would let it have.
public struct TrustQuestion: Hashable, Sendable {
    /// The place in the schema, such as `tests.levels.unit`.
    public let subject: String
    /// Why it is asked, each with the line of the file in front: `cache-image.yml:7: tests.levels.unit runs …`.
    public let reasons: [String]
    /// The values in question as they are shown, `KEY: VALUE`.
    public let values: [String]
    /// The values whose text is not shown, such as a password's.
    private let hidden: [String]

    /// Asks about values.
    init(_ subject: String, reasons: [String], values: [String], hidden: [String] = []) {
        self.subject = subject
        self.reasons = reasons
        self.values = values
        self.hidden = hidden
    }

    /// What stands for the question where it is remembered: every value, no line of a file.
    public var identity: [UInt8] {
        let parts: JSONValue = [.string(subject), .strings(values), .strings(hidden)]
        return Array(parts.text.utf8)
    }
}
