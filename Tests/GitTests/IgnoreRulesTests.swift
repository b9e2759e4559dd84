import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct IgnoreRulesTests {
    @Test func agreesWithGitCheckIgnore() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository([
                ".gitignore": """
                # comment
                *.log
                !keep.log
                /root-only
                build/
                trailing\\ \nspaces   \ndoc/**/*.pdf
                foo/*
                !foo/bar
                \\#hash
                \\!bang
                [Aa]bc?
                **/deep
                a/**
                !a/b.txt
                /only/this/
                """,
                "sub/.gitignore": "!*.log\nlocal\nx/y\n",
            ])
            try sandbox.write("repo/.git/info/exclude", "*.info\n!special.user\n")
            try sandbox.write("home/.config/git/ignore", "*.user\n")
            let files = [
                "a.log", "keep.log", "sub/a.log", "root-only", "sub/root-only", "build", "build/x", "sub/build/y",
                "trailing ",
                "spaces", "doc/x.pdf", "doc/a/b/x.pdf", "foo/q", "foo/bar", "foo/bar/z", "#hash", "!bang", "Abcd",
                "abc",
                "deep", "q/deep", "q/deep/r", "a/b.txt", "a/c/d", "only/this/x", "only/that", "x.info", "x.user",
                "special.user",
                "local", "sub/local", "sub/t/local", "sub/x/y", "sub/z/x/y", "plain",
            ]
            for folder in ["build", "foo/bar", "only/this", "q/deep", "sub/build"] {
                try sandbox.write("repo/\(folder)/keepme", "")
            }
            let result = try await sandbox.run(
                "git", ["check-ignore", "--no-index", "--stdin", "-z"], in: "repo",
                input: Array(files.joined(separator: "\0").utf8))
            let ignored = Set(result.output.split(separator: "\0").map(String.init))
            let rules = try sandbox.open().ignoreRules()
            var mismatches: [String] = []
            for file in files {
                let status = try FileStatus.of(sandbox.path("repo").appending(RelativePath(file)))
                let answer = try rules.isIgnored(RelativePath(file), isDirectory: status?.kind == .directory)
                if answer != ignored.contains(file) { mismatches.append("\(file): \(answer)") }
            }
            #expect(ignored.count > 10)
            #expect(mismatches == [])
        }
    }
}
