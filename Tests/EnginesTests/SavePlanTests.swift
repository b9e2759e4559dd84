import Archive
import Hashing
import Testing

@testable import Engines

/// Which layers of an image are taken from its engine; no engine runs.
@Suite struct SavePlanTests {
    private static func digest(_ letter: Character) -> SHA256Digest { SHA256Digest(of: String(letter).utf8) }

    struct Row: Sendable, CustomStringConvertible {
        let description: String
        let layers: String
        let held: String
        /// Bytes by letter, as the store tells them.
        var stored: [Character: Int64] = ["a": 100, "b": 100, "c": 10, "d": 1]
        /// The layers that are taken from the engine; nil where it saves the whole.
        let wanted: String?
    }

    static let rows = [
        Row(description: "one is new", layers: "abc", held: "ab", wanted: "c"),
        Row(description: "a new one below", layers: "cab", held: "xab", wanted: "c"),
        Row(description: "none is new", layers: "ab", held: "abc", wanted: ""),
        Row(description: "nothing is shared", layers: "ab", held: "cd", wanted: nil),
        Row(description: "no layers at all", layers: "", held: "ab", wanted: nil),
        Row(description: "most of it is new", layers: "abc", held: "c", wanted: nil),
        Row(description: "just half of it is new", layers: "ab", held: "a", wanted: "b"),
        Row(description: "one occurs twice", layers: "acac", held: "a", wanted: "c"),
        Row(description: "the store lacks one", layers: "abe", held: "ab", wanted: nil),
        Row(description: "a size is not told", layers: "abc", held: "ab", stored: ["c": -1], wanted: nil),
        Row(
            description: "sizes that cannot be", layers: "abc", held: "a", stored: ["b": .max, "c": .max], wanted: nil),
    ]

    @Test(arguments: rows) func onlyWhatTheArchiveLacksIsTaken(_ row: Row) {
        let sizes: [Character: Int64] = ["a": 100, "b": 100, "c": 10, "d": 1, "x": 5]
        let plan = SavePlan(
            layers: row.layers.map(Self.digest),
            held: row.held.map { LayerSize(digest: Self.digest($0), size: sizes[$0] ?? 0) },
            stored: Dictionary(uniqueKeysWithValues: row.stored.map { (Self.digest($0), $1) }))
        #expect(plan.map { Set($0.wanted.keys) } == row.wanted.map { Set($0.map(Self.digest)) })
        guard let plan else { return }
        #expect(Set(plan.spared.keys).union(plan.wanted.keys) == Set(row.layers.map(Self.digest)))
        #expect(plan.sparedBytes == Set(row.layers).intersection(row.held).reduce(0) { $0 + (sizes[$1] ?? 0) })
    }
}
