import Configuration
import JSON
import Testing

/// The command of a level that is written as one text.
@Suite struct CommandTextTests {
    /// A level `unit` whose command is a text.
    private func level(_ text: String) async throws -> TestLevel {
        try await load("tests:\n  levels:\n    unit: \(JSONValue.string(text).text)\n").levels[0]
    }

    @Test(arguments: ["&", "&&", "|", "||", ";", "<", ">", ">>", "(", ")", "$", "`", "*", "?", "["])
    func anOperatorIsRefusedUnlessItIsQuoted(mark: String) async throws {
        for text in ["true \(mark) false", "true\(mark)false", "\(mark)true", "true\(mark)", "a \(mark)\u{301}b"] {
            let mistake = try #require(try await level(text).mistake, "\(text)")
            #expect(
                mistake.description == "cannot read cache-image.yml:3: tests.levels.unit: "
                    + "\"\(mark)\" is for a shell, and none reads this text")
            #expect(mistake.hint == "write [sh, -c, '\(text)']")
        }
        let escaped = mark.map { "\\\($0)" }.joined()
        for text in ["true '\(mark)' x", "true \"a\(mark)b\" x", "true \(escaped) x"] {
            let level = try await level(text)
            #expect(level.mistake == nil, "\(text)")
            #expect(level.command.count == 3)
            #expect(level.command[1].contains(mark))
        }
    }

    @Test(arguments: [
        ("cd / && exit 4", "\"cd\""), ("cd", "\"cd\""), (" cd x", "\"cd\""), ("FOO=1 pytest", "\"FOO=\""),
        ("_a1='x y' pytest", "\"_a1=\""), ("A=", "\"A=\""), ("~/bin/x", "\"~\""), ("ls ~", "\"~\""),
        ("true\nfalse", "a line break"), ("true\r\nfalse", "a line break"), ("\n true \n\n false", "a line break"),
    ])
    func whatOnlyAShellCanDoIsRefused(text: String, mark: String) async throws {
        let mistake = try #require(try await level(text).mistake)
        #expect(mistake.description.hasSuffix(": \(mark) is for a shell, and none reads this text"))
        #expect(mistake.hint?.hasPrefix("write [sh, -c, ") == true)
    }

    @Test(arguments: [
        ("pytest -q\n", ["pytest", "-q"]), ("\npytest \\\n -q", ["pytest", "-q"]), ("a\\\r\n b", ["a", "b"]),
        ("'cd' /", ["cd", "/"]),
        ("cdx y", ["cdx", "y"]), ("make cd A=1", ["make", "cd", "A=1"]), ("'A=1' x", ["A=1", "x"]),
        ("A\\=1 x", ["A=1", "x"]), ("A'B'=1", ["AB=1"]), ("1A=x", ["1A=x"]), ("a-b=1", ["a-b=1"]), ("=x", ["=x"]),
        ("ls a~ \\~ '~/x'", ["ls", "a~", "~", "~/x"]), ("sh -c \"echo $X; exit 1\"", ["sh", "-c", "echo $X; exit 1"]),
        ("prog ''", ["prog", ""]), ("prog \"\" x", ["prog", "", "x"]), ("a\"b\\$c\\d\"", ["ab$c\\d"]),
        ("find . -name x -exec rm {} +", ["find", ".", "-name", "x", "-exec", "rm", "{}", "+"]),
        ("printf %s! #1 a^b", ["printf", "%s!", "#1", "a^b"]),
    ])
    func whatIsNotForAShellIsSplitAsOneWould(text: String, words: [String]) async throws {
        let level = try await level(text)
        #expect(level.mistake == nil)
        #expect(level.command == words)
    }

    @Test func theHintCanBeReadAsTheCommand() async throws {
        for text in ["a && b 'c d'", "a | b", "a \\\\ > \"b\"\n", "x; echo \u{1B}\u{E9}"] {
            let hint = try #require(try await level(text).mistake?.hint)
            let list = hint.dropFirst("write ".count)
            #expect(try await load("tests: {levels: {unit: \(list)}}").levels[0].command == ["sh", "-c", text])
        }
    }

    @Test func optionsKeepPatternsAndLineBreaks() throws {
        #expect(
            try ShellWords.options("--publish [::1]:80:80\n--env 'A=$B' -v x:/y") == [
                "--publish", "[::1]:80:80", "--env", "A=$B", "-v", "x:/y",
            ])
        #expect(try ShellWords.options("--entrypoint ''") == ["--entrypoint", ""])
        for text in ["-v $PWD:/x", "-v `pwd`:/x", "-v ~/x:/x", "--init; rm x", "--init && x", "a > b", "a \"b", "a\\"] {
            #expect(throws: ConfigurationError.self) { try ShellWords.options(text) }
        }
    }
}
