import Dockerfile
import Patterns
import SystemCalls
import TestSupport
import Testing

@Suite struct HostileTests {
    @Test func variablesThatDoubleThemselvesAreRefused() {
        var text = "FROM x\nENV A=0123456789\n"
        for _ in 0..<60 { text += "ENV A=$A$A\n" }
        #expect(refusal(text)?.reason.contains("too long") == true || refusal(text)?.reason.contains("16 MiB") == true)
    }

    @Test func symbolsThatDoubleThemselvesAreRefused() {
        var text = "FROM x\nENV A=$X B=$X\n"
        for _ in 0..<2000 { text += "ENV A=$A$B B=$B$A\n" }
        #expect(refusal(text, base: nil)?.reason.contains("too many words") == true)
    }

    @Test func manyStagesAndStepsAreReadInTime() throws {
        var text = ""
        for number in 0..<2000 {
            text += "FROM \(number == 0 ? "x" : "s\(number - 1)") AS s\(number)\nRUN a\nCOPY a b\n"
        }
        let start = ContinuousClock.now
        #expect(try plan(text).stages.count == 2000)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func deeplyNestedTextsAreRefusedOrReadAsText() {
        for word in ["CMD ", "ONBUILD ", "RUN ", "ENV a=", "# syntax=", "{"] {
            for part in ["[", "{\"a\":", "${A:-", "ONBUILD ", "\"", "$"] {
                let text = "FROM x\n" + word + String(repeating: part, count: 6_000 / part.utf8.count) + "\n"
                _ = refusal(text)
                _ = DockerfileSyntax.frontend(of: Array(text.dropFirst(7).utf8))
            }
        }
    }

    @Test func randomBytesNeitherCrashNorHang() {
        var generator = SeededGenerator(seed: 42)
        let words = [
            "FROM ", "x ", "AS a", "\n", "\\\n", "RUN ", "<<E", "\nE\n", "COPY ", "--from=", "ENV A=", "$A", "${A",
            ":-", "}",
            "[", "\"", "]", ",", "ARG ", "--mount=", "type=", "cache", "# escape=`", "ONBUILD ", "\0", "'", "é",
            "\u{FEFF}",
        ].map { Array($0.utf8) }
        for _ in 0..<1000 {
            var text: [UInt8] = Array("FROM x\n".utf8)
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                text += words.randomElement(using: &generator) ?? []
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    text.append(.random(in: 0...255, using: &generator))
                }
            }
            guard let syntax = try? DockerfileSyntax(text) else { continue }
            let request = StageRequest(arguments: ["A": "1"], platform: .init(architecture: "amd64"))
            _ = try? BuildPlan(syntax, request: request) { _ in nil }
            _ = try? syntax.reduced(to: request)
            _ = try? IgnoreMatcher(IgnoreFile.patterns(of: text)).isExcluded(RelativePath(bytes: text))
        }
    }

    @Test func nulBytesAreText() throws {
        #expect(try plan("FROM x\nRUN a\0b\n").operations[0].argv.last == "a\0b")
        #expect(try IgnoreMatcher([Array("a\0*".utf8)]).isExcluded(RelativePath("a\0b")))
    }
}
