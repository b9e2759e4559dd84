import Dockerfile
import Testing

@Suite struct WordTests {
    @Test func namesHaveLettersOfEveryScript() throws {
        let result = try WordExpander().expand("$É-$éa2_x") { ["É": .set("1"), "éa2_x": .set("2")][$0] ?? .unset }
        #expect(result.word == "1-2")
    }

    @Test func unknownVariablesAreNamedAndRaiseNoFault() throws {
        let result = try WordExpander().expand("${A:?needed}${B:-b}$C") { $0 == "C" ? .unset : .unknown }
        #expect(result.unknown == ["A", "B"])
        #expect(result.unset == ["C"])
        #expect(result.word == "b")
    }

    @Test func theEscapeCharacterCanBeABacktick() throws {
        var expander = WordExpander()
        expander.escape = "`"
        #expect(try expander.expand("a\\b`$c\"`\"\"") { _ in .unset }.word == "a\\b$c\"")
    }

    @Test func wordsCannotGrowWithoutBound() {
        var expander = WordExpander()
        expander.growthLimit = 1000
        let long = String(repeating: "x", count: 400)
        #expect(throws: WordError.self) { try expander.expand("$A$A$A") { _ in .set(long) } }
        #expect(throws: WordError.self) { try expander.expand("${A//x/12345}") { _ in .set(long) } }
    }

    @Test func substitutionsCannotBeNestedWithoutBound() throws {
        let deep = String(repeating: "${A:-", count: 100_000)
        #expect(throws: WordError.self) { try WordExpander().expand(deep) { _ in .unset } }
        let fair = String(repeating: "${A:-", count: 50) + "x" + String(repeating: "}", count: 50)
        #expect(try WordExpander().expand(fair) { _ in .unset }.word == "x")
    }

    @Test func patternsTakeTimeInProportionToTheWord() throws {
        let pattern = String(repeating: "*a", count: 200)
        let value = String(repeating: "a", count: 5000) + "b"
        let start = ContinuousClock.now
        for word in ["${V##\(pattern)c}", "${V%%\(pattern)c}", "${V//\(pattern)c/x}"] {
            #expect(try WordExpander().expand(word) { _ in .set(value) }.word == value)
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    /// BuildKit gives the replacement to Go's regular expressions, where `$` has a meaning of its own.
    @Test(arguments: [
        ("${V//b/$R}", "a<b>xa<b>"), ("${V/b/$R}", "a<$0>xab"), ("${V//b/'$$1${x}$'}", "a$1$xa$1$"),
        ("${V//b/'${0'}", "a${0xa${0"),
    ])
    func replacementsOfAllMatchesAreTemplates(word: String, result: String) throws {
        #expect(try WordExpander().expand(word) { .set($0 == "R" ? "<$0>" : "abxab") }.word == result)
    }

    @Test func aLoneEscapeCharacterAtTheEndOfAPatternTurnsRoundWithIt() throws {
        var expander = WordExpander()
        expander.escape = "`"
        #expect(try expander.expand("${V%*\\}") { _ in .set("a*") }.word == "a")
        #expect(throws: WordError.self) { try expander.expand("${V#*\\}") { _ in .set("a*") } }
    }

    @Test func unknownModifiersStayWhereUnsetVariablesDo() throws {
        var expander = WordExpander()
        expander.keepsUnset = true
        #expect(try expander.expand("${A:=b c}") { _ in .unset }.word == "${A:=b c}")
        #expect(throws: WordError.self) { try expander.expand("${A:=b c}") { _ in .set("") } }
        #expect(throws: WordError.self) { try expander.expand("${A:#b}") { _ in .unset } }
    }

    @Test(arguments: [
        ("${V#a*b}", "ab"), ("${V##a*b}", ""), ("${V%b*}", "axba"), ("${V%%b*}", "ax"), ("${V/b/-}", "ax-ab"),
        ("${V//[ab]/-}", "axbab"), ("${V//?b/-}", "a--"), ("${V//*/-}", "-"), ("${V/x*/}", "a"),
    ])
    func patternsMatchAsInTheShell(word: String, result: String) throws {
        #expect(try WordExpander().expand(word) { _ in .set("axbab") }.word == result)
    }
}
