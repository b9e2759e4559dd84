import JSON
import Records

/// Reasons as lines of text, a few of them unless all are asked for.
package enum ReasonList {
    /// How many reasons are shown by default.
    package static let shortCount = 10

    /// The lines: the first few reasons and how many more there are, or all of them.
    package static func lines(_ reasons: [Reason], isComplete: Bool) -> [String] {
        let shown = isComplete || reasons.count <= shortCount + 1 ? reasons.count : shortCount
        var lines = reasons.prefix(shown).map(\.description)
        if shown < reasons.count { lines.append("and \(reasons.count - shown) more (cache-image explain)") }
        return lines
    }

    /// The reasons as a JSON array.
    package static func json(_ reasons: [Reason]) -> JSONValue {
        .array(reasons.map(\.json))
    }
}
