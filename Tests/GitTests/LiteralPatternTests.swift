import Foundation
import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// Each special character in each file of patterns, judged by git.
@Suite struct LiteralPatternTests {
    /// Names of folders, and a name that a pattern of them must not match.
    static let names: [[UInt8]] =
        [
            "a,b", "a\"b", "\"ab\"", "a:b", ":x", "a\nb", "[x]", "[attr]x", "!x", "a!b", "a\\b", "x ", " x", "a b",
            "#x", "a#b",
            "a'b", "-x", "a%20b", "$HOME", "é", "t\tb", "cr\r", "*", "a**b", "a?b", "{a,b}", "~x", "\u{1}x", "a\u{7F}",
        ].map { Array($0.utf8) } + [[0x61, 0xFF, 0x62], [0xC3]]

    /// The name with what one set of a pattern stands for made equal: a pattern cannot tell these apart.
    private static func kind(_ name: [UInt8]) -> [UInt8] {
        name.map { $0 == 0x20 || (9...13).contains($0) ? 0x20 : $0 < 0x20 || $0 == 0x7F ? 1 : $0 }
    }

    @Test func theAttributeOfAFolderIsThatOfItsFilesAlone() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            var lines: [UInt8] = []
            for (number, name) in Self.names.enumerated() {
                lines += LiteralPattern.of(name) + "/*.tar mark\(number) \n".utf8
            }
            try sandbox.write("repo/.gitattributes", bytes: lines)
            let marks = Self.names.indices.map { "mark\($0)" }
            let attributes = try sandbox.open().attributes(marks)
            let paths = Self.names.map { $0 + Array("/f.tar".utf8) } + [Array("x/f.tar".utf8)]
            let answer = try await sandbox.run(
                "git", ["check-attr", "-z", "--stdin"] + marks, in: "repo",
                input: Array(paths.joined(separator: [0])) + [0]
            ).check()
            let fields = answer.outputBytes.split(separator: 0, omittingEmptySubsequences: false)
            for (position, path) in paths.enumerated() {
                for number in marks.indices {
                    let field = (position * marks.count + number) * 3
                    #expect(Array(fields[field]) == path)
                    let isOwn =
                        Self.names.indices.contains(position)
                        && Self.kind(Self.names[position]) == Self.kind(Self.names[number])
                    let shown = "\(String(decoding: path, as: UTF8.self)) mark\(number)"
                    #expect(fields[field + 2].elementsEqual((isOwn ? "set" : "unspecified").utf8), "\(shown)")
                    let value = try attributes.value(of: "mark\(number)", for: RelativePath(bytes: path))
                    #expect(value == (isOwn ? .set : .unspecified), "\(shown)")
                }
            }
        }
    }

    @Test func whatIsExcludedInAFolderIsIgnoredThereAlone() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            for name in Self.names {
                let repository = try sandbox.open()
                let pattern = Array("/".utf8) + LiteralPattern.of(name) + "/.tmp-*".utf8
                try Files.remove(sandbox.path("repo/.git/info/exclude"))
                try repository.exclude(pattern)
                // A name at the start would be magic of a pathspec.
                func path(_ name: [UInt8]) -> [UInt8] { Array("./".utf8) + name + Array("/.tmp-1".utf8) }
                let answer = try await sandbox.run(
                    "git", ["check-ignore", "-z", "--stdin", "--no-index"], in: "repo",
                    input: Array(Self.names.map(path).joined(separator: [0])) + [0])
                let ignored = Self.names.filter { Self.kind($0) == Self.kind(name) }
                #expect(
                    answer.outputBytes == Array(ignored.map(path).joined(separator: [0])) + [0],
                    "\(String(decoding: name, as: UTF8.self))")
                let own = name + Array("/.tmp-1".utf8)
                let rule = try repository.ignoreRules().rule(ignoring: RelativePath(bytes: own), isDirectory: false)
                #expect(rule?.line == 1 && rule?.pattern == String(decoding: pattern, as: UTF8.self))
            }
        }
    }

    @Test func aLineIsNamedAsGitNamesIt() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository([
                ".gitignore": "# first\n\n*.tar\n!keep.tar\n", "a/.gitignore": "/b/\n",
                ".gitattributes": "\n[attr]big filter=lfs -text\n*.tar big\n",
                "a/.gitattributes": "x.tar !filter\n",
            ])
            let repository = try sandbox.open()
            for path in ["x.tar", "keep.tar", "a/b/c", "a/x.tar", "other"] {
                let answer = try await sandbox.run("git", ["check-ignore", "-v", "--no-index", path], in: "repo")
                let said = answer.output.split(separator: "\t").first.map(String.init)
                let rule = try repository.ignoreRules().rule(ignoring: RelativePath(path), isDirectory: false)
                // Git names the line that takes a path back, too.
                #expect(
                    rule.map { "\($0.file):\($0.line):\($0.pattern)" } == (path == "keep.tar" ? nil : said), "\(path)")
            }
            let attributes = try repository.attributes(["filter", "eol"])
            #expect(try attributes.rule(for: "filter", of: "x.tar")?.description == ".gitattributes:3: *.tar")
            #expect(try attributes.rule(for: "filter", of: "a/x.tar")?.description == "a/.gitattributes:1: x.tar")
            #expect(try attributes.rule(for: "eol", of: "x.tar") == nil)
        }
    }
}
