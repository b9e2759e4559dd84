import Hashing
import Testing

@testable import Engines

/// What of an archive of ours an engine is given; no engine runs.
@Suite struct LoadPlanTests {
    private static let digests = Dictionary(
        uniqueKeysWithValues: "abcdxy".map { ($0, SHA256Digest(of: String($0).utf8)) })

    /// Layers by letters.
    private static func layers(_ letters: String) -> [SHA256Digest] { letters.compactMap { digests[$0] } }

    struct Row: Sendable, CustomStringConvertible {
        let description: String
        var layers = "abcd"
        let sparing: ImageVerbs.Sparing
        var isNamed = true
        var usesService = false
        var stored: String?
        var images: [String] = []
        /// The layers that are spared; nil where the whole is streamed.
        let spared: String?
    }

    static let file = ImageVerbs.Sparing.file(["pull"])

    static let rows = [
        Row(description: "an engine that wants all", sparing: .none, stored: "abc", images: ["abc"], spared: nil),
        Row(description: "an empty store reads the whole file", sparing: file, stored: "", spared: ""),
        Row(description: "any layer of the store", sparing: file, stored: "dxb", spared: "bd"),
        Row(description: "the whole image", sparing: file, stored: "abcd", spared: "abcd"),
        Row(description: "a store that cannot be read", sparing: file, images: ["abx"], spared: "ab"),
        Row(description: "the store knows better", sparing: file, stored: "a", images: ["abx"], spared: "a"),
        Row(description: "another name in the archive", sparing: file, isNamed: false, stored: "ab", spared: nil),
        Row(
            description: "a service reads no file of ours", sparing: file, usesService: true, stored: "ab", spared: nil),
        Row(description: "a chain", sparing: .chain, usesService: true, images: ["abxy"], spared: "ab"),
        Row(description: "a chain under another name", sparing: .chain, isNamed: false, images: ["abxy"], spared: "ab"),
        Row(description: "the longest of several", sparing: .chain, images: ["a", "abcx", "x"], spared: "abc"),
        Row(description: "the same layers on another base", sparing: .chain, images: ["xbcd"], spared: nil),
        Row(description: "no image", sparing: .chain, spared: nil),
        Row(description: "a longer image", sparing: .chain, images: ["abcdxy"], spared: "abcd"),
        Row(
            description: "a layer that occurs again", layers: "abac", sparing: .chain, images: ["abx"], spared: "b"),
        Row(description: "one that occurs again alone", layers: "aa", sparing: .chain, images: ["ab"], spared: nil),
    ]

    @Test(arguments: rows) func anEngineIsGivenWhatItLacks(_ row: Row) {
        let plan = LoadPlan(
            layers: Self.layers(row.layers), isNamed: row.isNamed, sparing: row.sparing, usesService: row.usesService,
            stored: row.stored.map { Set(Self.layers($0)) }, images: row.images.map(Self.layers))
        #expect(plan?.spared == row.spared.map { Set(Self.layers($0)) })
        if let plan, case .file(let arguments) = row.sparing { #expect(plan.way == .file(arguments)) }
        if let plan, case .chain = row.sparing { #expect(plan.way == .stream) }
    }
}
