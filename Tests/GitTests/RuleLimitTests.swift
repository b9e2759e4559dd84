import SystemCalls
import TestSupport
import Testing

@testable import Git

/// Files of rules that are long, wide or slow.
@Suite struct RuleLimitTests {
    @Test func tooManyRulesAreRefused() throws {
        let text = String(repeating: "a text\n", count: InputLimit.rules + 1)
        let attributes = Attributes(["text"], text: Array(text.utf8))
        let error = #expect(throws: GitError.self) { try attributes.values(for: "a") }
        #expect(error?.kind == .tooLarge)
        #expect(error?.description == "cannot read .gitattributes: the files of this kind have more than 50000 rules")
    }

    @Test func tooManyRulesOfSeveralFoldersAreRefused() throws {
        let lines = String(repeating: "a text\n", count: InputLimit.rules / 2 + 1)
        let half = RuleFile(name: "", bytes: Array(lines.utf8))
        let attributes = Attributes(["text"], global: [], info: nil, caseFold: false) { _, _ in half }
        _ = try attributes.values(for: "x")
        #expect(throws: GitError.self) { try attributes.values(for: "a/x") }
        let rules = IgnoreRules(global: [], caseFold: false) { _ in half }
        _ = try rules.isIgnored("x", isDirectory: false)
        #expect(throws: GitError.self) { try rules.isIgnored("a/x", isDirectory: false) }
    }

    @Test func rulesThatSayNothingOfWhatWasAskedDoNotCount() throws {
        let text = String(repeating: "a other\n", count: InputLimit.rules + 1) + "* text\n"
        #expect(try Attributes(["text"], text: Array(text.utf8)).values(for: "a") == [.set])
    }

    @Test func aMacroMayStandBelowTheRuleThatUsesIt() throws {
        let attributes = Attributes(["filter"], text: Array("*.x image\n[attr]image filter=lfs\n".utf8))
        #expect(try attributes.values(for: "a.x") == [.value("lfs")])
    }

    /// Patterns that cost exponential time to whoever tries every way of every star.
    static let slow: [(pattern: String, path: String)] = [
        (String(repeating: "**/a/", count: 60) + "b", String(repeating: "a/", count: 200) + "x"),
        (String(repeating: "**/", count: 60) + "b", String(repeating: "a/", count: 200) + "x"),
        (String(repeating: "**/a*/", count: 40) + "b", String(repeating: "aa/", count: 200) + "x"),
        ("/" + String(repeating: "*a", count: 60) + "b", String(repeating: "a", count: 2000)),
        (String(repeating: "*a", count: 200) + "b", String(repeating: "a", count: 2000)),
        (
            "x/**/" + String(repeating: "*a", count: 40) + "b",
            "x/" + String(repeating: String(repeating: "a", count: 100) + "/", count: 20) + "c"
        ),
        (String(repeating: "a**/", count: 60) + "b", String(repeating: "aaaa/", count: 200) + "x"),
        (String(repeating: "[a-z]*/**/", count: 40) + "b", String(repeating: "ab/", count: 200) + "x"),
    ]

    @Test(arguments: slow.indices) func patternsAreMatchedInLinearTime(_ index: Int) throws {
        let (pattern, path) = Self.slow[index]
        let start = ContinuousClock.now
        let attributes = Attributes(["text"], text: Array("\(pattern) text\n".utf8))
        #expect(try attributes.values(for: RelativePath(path)) == [.unspecified])
        #expect(try !IgnoreRules(patterns: [pattern]).isIgnored(RelativePath(path), isDirectory: false))
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    /// Wildmatch by its definition: every way is tried, which is slow.
    private static func naive(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>, atStart: Bool) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" {
            let stars = pattern.prefix { $0 == "*" }
            let tail = pattern.dropFirst(stars.count)
            let crosses = stars.count > 1 && atStart && (tail.isEmpty || tail.first == "/")
            if crosses, tail.first == "/", naive(tail.dropFirst(), text, atStart: true) { return true }
            return (text.startIndex...text.endIndex).contains { end in
                (crosses || !text[..<end].contains("/")) && naive(tail, text[end...], atStart: false)
            }
        }
        guard let next = text.first, first == next || first == "?" && next != "/" else { return false }
        return naive(rest, text.dropFirst(), atStart: first == "/")
    }

    @Test func everyPatternOfStarsMatchesWhatItsDefinitionSays() {
        var generator = SeededGenerator(seed: 7)
        let words = ["*", "**", "**/", "/", "a", "b", "?", "*/", "/**"]
        for _ in 0..<3000 {
            let pattern = (0..<Int.random(in: 1...6, using: &generator)).compactMap { _ in
                words.randomElement(using: &generator)
            }.joined()
            let text = (0..<Int.random(in: 1...7, using: &generator)).compactMap { _ in
                ["a", "b", "/"].randomElement(using: &generator)
            }.joined()
            let found = Wildmatch.matches(Array(pattern.utf8)[...], Array(text.utf8)[...], pathname: true)
            let wanted = Self.naive(Array(pattern)[...], Array(text)[...], atStart: true)
            #expect(found == wanted, "\(pattern) \(text)")
        }
    }
}
