import Programs
import TestSupport
import Testing

/// Words for a shell, judged by the shell itself.
@Suite struct ShellWordTests {
    static let texts = [
        "", "plain", "a/b.c_d-e+f,g:h@i%j", " ", "a b", "\t", "a\nb", "\n", "'", "''", "it's", "'a'", "\"", "a\"b",
        "\\", "a\\",
        "\\'", "$HOME", "${X}", "$(id)", "`id`", "*", "?", "[a]", "~", "~/x", "a~", "~root", "A=b", "=x", "#a", "a#b",
        "a;b",
        "a&b", "a|b", "<a", ">a", "(a)", "{a,b}", "!a", "a!b", "-n", "--", "-e", "ä€😀", "a\u{A0}b", "\u{1}\u{7F}",
        "a\rb", "%f",
    ]

    @Test func theShellGivesEveryWordBack() async throws {
        try await Sandbox.with { sandbox in
            // As arguments, and as words that a command begins with.
            let words = Self.texts.map { ShellWord.quoted($0) }
            let all = try await sandbox.run("/bin/sh", ["-c", "printf '%s\\0' " + words.joined(separator: " ")]).check()
            #expect(
                all.outputBytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
                    == Self.texts.map { Array($0.utf8) })
            for (text, word) in zip(Self.texts, words) where !text.isEmpty {
                #expect(ShellWord.first(of: word + " more 'words'") == text)
            }
        }
    }

    /// Only bash has a form for a line end at the end of a word.
    @Test(.enabled(if: Requirements.tools("bash")), arguments: ["sh", "bash"])
    func aPathInAMessageIsOneWord(shell: String) async throws {
        try await Sandbox.with { sandbox in
            let paths = (Self.texts.map { Array($0.utf8) } + [[0xFF], [0x61, 0xC3, 0x27, 0x5C, 0x25, 0x0A, 0x31]])
                .filter { shell == "bash" || $0.last != 0x0A }
            let words = paths.map { ShellWord.shown($0) }
            #expect(words.allSatisfy { !$0.utf8.contains { $0 < 0x20 || $0 == 0x7F } && !$0.contains("\u{FFFD}") })
            let all = try await sandbox.run(shell, ["-c", "printf '%s\\0' " + words.joined(separator: " ")]).check()
            let given = all.outputBytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                Array($0)
            }
            #expect(given == paths)
        }
    }

    @Test func aWordBeginsACommandAndIsNothingElse() async throws {
        try await Sandbox.with { sandbox in
            for text in ["A=b", "it's", "~", "if", "$X", "a b"] {
                try sandbox.write("bin/\(text)", "#!/bin/sh\necho ran\n", permissions: 0o755)
                let path = sandbox.path("bin").string + ":/usr/bin:/bin"
                if text == "if" { continue }
                let result = try await sandbox.run(
                    "/bin/sh", ["-c", ShellWord.quoted(text)], environment: ["PATH": path])
                #expect(result.output == "ran\n", "\(text): \(result)")
            }
        }
    }

    @Test func whatIsPlainStaysAsItIs() {
        #expect(ShellWord.quoted("docker-cache/app-latest.tar") == "docker-cache/app-latest.tar")
        #expect(ShellWord.quoted("~me/a=b") == "'~me/a=b'")
        #expect(ShellWord.quoted("~me/a=b", leaving: "~=") == "~me/a=b")
        #expect(ShellWord.quoted("~me/a b", leaving: "~=") == "'~me/a b'")
    }

    @Test(arguments: [
        ("git lfs x", "git"), ("  git", "git"), ("'/a b/c' lfs", "/a b/c"), ("\"/a b\"/c lfs", "/a b/c"),
        (#"/a\ b/c lfs"#, "/a b/c"), (#"'/it'\''s' lfs"#, "/it's"), ("", ""), ("a\tb", "a"),
    ])
    func theFirstWordOfACommandIsFound(command: String, word: String) {
        #expect(ShellWord.first(of: command) == word)
    }
}
