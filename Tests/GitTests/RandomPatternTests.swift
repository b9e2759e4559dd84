import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Patterns put together at random (but the same in every run), judged by git.
@Suite struct RandomPatternTests {
    private static let tokens = [
        "a", "b", "c", "*", "*", "?", "**", "/", "/", "/", "[ab]", "[!a]", "[^b-c]", "\\a", "ab", ".a", "[[:alpha:]]",
        "*.b", "**/",
        "/**", "\\*",
    ]

    private static func pattern(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...5, using: &generator)).map { _ in tokens.randomElement(using: &generator) ?? "a" }
            .joined()
    }

    private static func path(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            ["a", "b", "c", "ab", "ba", "a.b", ".a", "*", "abc", "d"].randomElement(using: &generator) ?? "a"
        }.joined(separator: "/")
    }

    @Test(arguments: 1...12) func ignoreRulesAgreeWithGit(_ seed: UInt64) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            var generator = SeededGenerator(seed: seed)
            func file() -> String {
                (0..<12).map { _ in
                    (Int.random(in: 0..<4, using: &generator) == 0 ? "!" : "") + Self.pattern(&generator)
                }.joined(separator: "\n") + "\n"
            }
            try sandbox.write("repo/.gitignore", file())
            try sandbox.write("repo/a/.gitignore", file())
            let paths = Array(Set((0..<150).map { _ in Self.path(&generator) })).sorted()
            let answer = try await sandbox.run(
                "git", ["check-ignore", "--no-index", "--stdin", "-z"], in: "repo",
                input: Array(paths.joined(separator: "\0").utf8))
            let ignored = Set(answer.output.split(separator: "\0").map(String.init))
            let rules = try sandbox.open().ignoreRules()
            let wrong = try paths.filter { path in
                // Git asks the work tree what a path is; there is only one folder.
                try rules.isIgnored(RelativePath(path), isDirectory: path == "a") != ignored.contains(path)
            }
            let texts = [try sandbox.text("repo/.gitignore"), try sandbox.text("repo/a/.gitignore")]
            #expect(wrong == [], "\(texts.joined(separator: "--\n"))")
        }
    }

    @Test(arguments: 1...12) func attributesAgreeWithGit(_ seed: UInt64) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            var generator = SeededGenerator(seed: seed &+ 1000)
            func file() -> String {
                (0..<12).map { number in
                    let value =
                        ["filter=f\(number)", "-filter", "!filter", "filter"].randomElement(using: &generator) ?? ""
                    return Self.pattern(&generator) + " " + value
                }.joined(separator: "\n") + "\n"
            }
            try sandbox.write("repo/.gitattributes", file())
            try sandbox.write("repo/a/.gitattributes", file())
            let paths = Array(Set((0..<150).map { _ in Self.path(&generator) })).sorted()
            let answer = try await sandbox.run(
                "git", ["check-attr", "--stdin", "-z", "filter"], in: "repo",
                input: Array(paths.joined(separator: "\0").utf8)
            ).check()
            let words = answer.output.split(separator: "\0").map(String.init)
            let attributes = try sandbox.open().attributes(["filter"])
            var wrong: [String] = []
            for start in stride(from: 0, to: words.count - 2, by: 3) {
                let value = try attributes.value(of: "filter", for: RelativePath(words[start]))
                if value.word != words[start + 2] {
                    wrong.append("\(words[start]): \(value.word), git \(words[start + 2])")
                }
            }
            let texts = [try sandbox.text("repo/.gitattributes"), try sandbox.text("repo/a/.gitattributes")]
            #expect(wrong == [], "\(texts.joined(separator: "--\n"))")
        }
    }
}
