import Git
import JSON

/// What `lfs prune --json` says.
struct PruneReport {
    let local: Int
    let retained: Int
    let isDryRun: Bool
    /// How many of those to delete the server has; nil where it was not asked.
    var verified: Int?
    /// What the server lacks.
    var missing: [Pointer] = []
    /// What was deleted, or would be.
    var prunable: [Pointer] = []

    var document: JSONValue {
        func list(_ objects: [Pointer]) -> JSONValue {
            .array(objects.map { ["oid": .string($0.oid.hexadecimal), "size": .integer($0.size.bytes)] })
        }
        return [
            "local": .integer(Int64(local)), "retained": .integer(Int64(retained)),
            "verified": verified.map { .integer(Int64($0)) } ?? .null, "missing": list(missing),
            "pruned": list(prunable), "dryRun": .bool(isDryRun),
        ]
    }
}
