import JSON

/// A reservation about a key: what it does not cover exactly, and why.
public struct Mark: Hashable, Sendable {
    /// The kinds of reservation.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The key covers more than it needs to.
        case inexact
        /// A base image stands in the key by its name only.
        case basesUnlocked = "bases-unlocked"
        /// A remote source has neither checksum nor full commit id.
        case unpinned
        /// The packages of an OS image stand in no lock file: they are those of the day on which it is made.
        case packagesUnlocked = "packages-unlocked"
    }

    /// The kind.
    public let kind: Kind
    /// What it is about.
    public let reason: String

    /// Makes a mark.
    public init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// `{"mark", "reason"}`.
    public var json: JSONValue { ["mark": .string(kind.rawValue), "reason": .string(reason)] }

    init?(_ json: JSONValue) {
        guard let name = json["mark"]?.string, let kind = Kind(rawValue: name) else { return nil }
        self.init(kind, json["reason"]?.string ?? "")
    }
}
