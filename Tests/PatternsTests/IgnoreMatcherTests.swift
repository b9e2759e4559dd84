import Patterns
import SystemCalls
import Testing

@Suite struct IgnoreMatcherTests {
    private func matcher(_ lines: String...) throws -> IgnoreMatcher {
        try IgnoreMatcher(IgnoreFile.patterns(of: Array(lines.joined(separator: "\n").utf8)))
    }

    @Test func foldersThatCanHoldNothingIncludedNeedNotBeOpened() throws {
        let matcher = try matcher("a", "b", "!b/keep/*.txt", "c/**", "!**/d/x")
        func mayHold(_ path: RelativePath) -> Bool { matcher.enter(path, in: matcher.root).mayHoldIncluded }
        #expect(try !self.matcher("a", "!b/x").enter("a", in: self.matcher("a", "!b/x").root).mayHoldIncluded)
        #expect(mayHold("b"))
        #expect(mayHold("a"))
        #expect(!matcher.isExcluded("b/keep/1.txt"))
        #expect(matcher.isExcluded("b/keep/1.md"))
        #expect(!matcher.isExcluded("a/d/x"))
    }

    @Test func lastMatchWins() throws {
        let matcher = try matcher("*.md", "!README*.md", "README-secret.md")
        #expect(matcher.isExcluded("README-secret.md"))
        #expect(!matcher.isExcluded("README.md"))
        #expect(matcher.isExcluded("x.md"))
        #expect(!matcher.isExcluded("d/x.md"))
    }

    @Test func everythingCanBeTakenBackIn() throws {
        let matcher = try matcher("**", "!**/*.py")
        #expect(!matcher.isExcluded("a/b/c.py"))
        #expect(matcher.isExcluded("a/b/c.txt"))
        #expect(matcher.enter("a", in: matcher.root).mayHoldIncluded)
    }

    @Test func namesAreBytes() throws {
        let matcher = try IgnoreMatcher([[0x61, 0xFF, UInt8(ascii: "*")], Array("?.t".utf8)])
        #expect(matcher.isExcluded(RelativePath(bytes: [0x61, 0xFF, 0x62])))
        #expect(!matcher.isExcluded(RelativePath(bytes: [0x61, 0xFE, 0x62])))
        #expect(matcher.isExcluded(RelativePath(bytes: [0xFE, 0x2E, 0x74])))
        #expect(matcher.isExcluded("é.t"))
        #expect(!matcher.isExcluded("e\u{301}.t"))
    }

    @Test func linesAreReadWithTheirQuirks() {
        let text = "\u{FEFF}# no comment: the mark is gone\n#c\n #p\r\n\n  !  /a/../b/ \n/\n./\n\t\u{A0}\n"
        let patterns = IgnoreFile.patterns(of: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(patterns == ["#p", "!b", "/", "."])
    }

    /// What moby's translation into a regular expression does to patterns that mean something else to a shell.
    @Test(arguments: [
        ("[*]", "*", false), ("[*]", "^/]", true), ("a[?]", "a[]", true), ("a[?]", "a?", false), ("^*", "a", true),
        ("a^*", "a^b", false), ("a^", "a^", true), ("**^a", "b/^a", true), ("**/^a?", "b/ab", false),
        ("[[:digit:]x]*", "1", true), ("[[:digit:]x]*", ":", false), ("[.+]", "+", true),
        ("[!a]", "b", false), ("[a\\-c]", "b", false), ("{a}(b)|$+.", "{a}(b)|$+.", true), ("a]", "a]", true),
    ])
    func cornersAreThoseOfMobysExpressions(pattern: String, path: String, isExcluded: Bool) throws {
        #expect(try matcher(pattern).isExcluded(RelativePath(path)) == isExcluded)
    }

    @Test(arguments: ["[[:what:]]", "[[:digit:]", "[", "a[", "[^", "[]a]", "a\\", "[b-a]", "!"])
    func malformedPatternsAreErrors(pattern: String) {
        #expect(throws: PatternError.self) { try matcher(pattern) }
    }

    @Test func hostilePatternsTakeTimeInProportion() throws {
        let path = RelativePath(String(repeating: "a", count: 250) + "/" + String(repeating: "a", count: 250))
        let start = ContinuousClock.now
        for pattern in [
            String(repeating: "*a", count: 2000) + "b", String(repeating: "**/a*", count: 500) + "b",
            String(repeating: "?*", count: 1000), "[a-z]*" + String(repeating: "*[^b]", count: 500) + "c",
        ] {
            #expect(try !matcher(pattern).isExcluded(path))
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test(arguments: [
        ("*", "a", true), ("*", "a/b", false), ("a/*/c", "a/b/c", true), ("a**c", "abc", true), ("a**c", "a/c", false),
        ("[a-c]?", "bx", true), ("[^a]", "/", true), ("\\*", "*", true), ("\\*", "a", false), ("a?", "a/", false),
        ("日*", "日本", true), ("[日]", "日", true),
    ])
    func wildcardsMatchAsInGo(pattern: String, path: String, isMatch: Bool) throws {
        #expect(try GoPattern(Array(pattern.utf8)).matches(RelativePath(path)) == isMatch)
    }

    @Test func wildcardsSayWhereTheyCanMatch() throws {
        let pattern = try GoPattern(Array("src/lib*/x/*.c".utf8))
        #expect(pattern.literalFolder == "src")
        #expect(pattern.mayMatch(below: "src/libfoo"))
        #expect(!pattern.mayMatch(below: "src/bin"))
        #expect(!pattern.mayMatch(below: "src/libfoo/y"))
        #expect(GoPattern.isWildcard(Array("a\\[[".utf8)))
        #expect(!GoPattern.isWildcard(Array("a\\[b".utf8)))
    }
}
