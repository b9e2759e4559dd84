import Git
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

/// What is in the way of an entry that is to be staged is found before, and named.
@Suite struct StagingCheckTests {
    struct Obstacle: Sendable, CustomTestStringConvertible {
        let files: [String: String]
        /// Commands that a shell runs in the repository first.
        var commands = ""
        /// A part of what is said; nil where nothing is in the way.
        let said: String?
        var testDescription: String { "\(files) \(commands)" }
    }

    static let obstacles = [
        Obstacle(files: [:], said: nil),
        Obstacle(files: [".gitignore": "\n*.tar\n"], said: "cache/a.tar is git-ignored (.gitignore:2: *.tar)"),
        Obstacle(files: ["cache/.gitignore": "*.json"], said: "a.json is git-ignored (cache/.gitignore:1: *.json)"),
        Obstacle(files: [".gitignore": "*.tar"], commands: "git add -f cache/a.tar", said: nil),
        Obstacle(files: [".gitignore": ".*"], said: ".gitattributes is git-ignored (.gitignore:1: .*)"),
        Obstacle(
            files: ["cache/.gitattributes": "* filter=lfs"],
            said: "Git would convert cache/a.md5: filter=lfs (cache/.gitattributes:1: *)"),
        Obstacle(
            files: ["cache/.gitattributes": "*.tar -filter"],
            said: "cache/a.tar would be committed whole: cache/.gitattributes:1: *.tar takes it out of LFS"),
        Obstacle(
            files: ["cache/.gitattributes": "*.json text eol=crlf"], said: "cache/a.json: text (cache/.gitattributes:1"),
        Obstacle(files: ["cache/.gitattributes": "*.md5 !text"], said: "cache/a.md5: !text (cache/.gitattributes:1"),
        Obstacle(files: ["cache/.gitattributes": "*.json ident"], said: "cache/a.json: ident (cache"),
        Obstacle(
            files: ["cache/.gitattributes": "*.md5 working-tree-encoding=UTF-16"],
            said: "cache/a.md5: working-tree-encoding=UTF-16 (cache"),
        Obstacle(files: [".git/info/attributes": "cache/* filter=x"], said: "committed whole: "),
        Obstacle(
            files: [".git/info/attributes": ".gitattributes filter=x"], said: "convert .gitattributes: filter=x ("),
        Obstacle(
            files: [:], commands: "mv cache real && ln -s real cache",
            said: "cache is a link to another folder, and Git keeps nothing behind a link"),
        Obstacle(files: [:], commands: "git init -q cache", said: "cache is another repository"),
        Obstacle(
            files: [:],
            commands: "git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,cache",
            said: "cache is another repository"),
    ]

    @Test(arguments: obstacles) func isNamedAndNothingIsStaged(obstacle: Obstacle) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            for (file, text) in ["cache/a.tar": "image", "cache/a.md5": "sum\n", "cache/a.json": "{}\n"] {
                try sandbox.write("repo/\(file)", text)
            }
            try CacheAttributes.ensure(in: sandbox.openRepository(), cache: "cache")
            for (file, text) in obstacle.files { try sandbox.write("repo/\(file)", text) }
            try await sandbox.run("sh", ["-ec", obstacle.commands], in: "repo").check()
            let before = try await sandbox.git("ls-files", "-s").output
            let pointer = try Pointer.of(sandbox.path("repo/cache/a.tar"))
            do {
                try await sandbox.openRepository().stage(
                    archives: ["cache/a.tar": pointer], files: ["cache/a.md5", "cache/a.json"],
                    rules: [".gitattributes"])
                #expect(obstacle.said == nil, "staged")
                // Git's own opinion: a second look finds nothing else to commit.
                let staged = try await sandbox.git("write-tree").output
                try await sandbox.run(
                    "git", ["-c", "filter.lfs.clean=cache-clean", "add", "-u", "cache/a.md5", "cache/a.json"],
                    in: "repo"
                ).check()
                #expect(try await sandbox.git("write-tree").output == staged)
            } catch let error as GitError {
                #expect(error.kind == .notStaged)
                #expect(obstacle.said.map { error.reason.contains($0) } ?? false, "\(error)")
                #expect(try await sandbox.git("ls-files", "-s").output == before)
            }
        }
    }

    @Test(arguments: [
        "cache/** filter=lfs diff=lfs merge=lfs -text\n", "*.json filter=x\n*.md5 filter=y\n",
        "[attr]l filter=lfs\ncache/* l\n",
    ]) func aFilterThatAnotherLinePutsOnSmallFilesIsTakenOff(rule: String) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let repository = try sandbox.openRepository()
            let files: [RelativePath] = ["cache/a.md5", "cache/a.json"]
            // Before our lines, and behind them.
            for start in [
                rule,
                "cache/*.tar filter=lfs diff=lfs merge=binary -text\ncache/*.md5 -text\ncache/*.json -text\n" + rule,
            ] {
                try sandbox.write("repo/.gitattributes", start)
                #expect(try CacheAttributes.ensure(in: repository, cache: "cache", files: files))
                let said = try await sandbox.git("check-attr", "filter", "text", "--", "cache/a.md5", "cache/a.json")
                    .lines
                #expect(said.allSatisfy { $0.hasSuffix(": unset") }, "\(said)")
                #expect(try !CacheAttributes.ensure(in: repository, cache: "cache", files: files))
            }
        }
    }

    @Test(arguments: [
        "* ident\n", "*.json working-tree-encoding=UTF-16\n", "cache/** ident working-tree-encoding=UTF-16LE -text\n",
        "[attr]i ident\n* i\n", "* ident text=auto filter=lfs\n",
    ]) func aConversionThatAnotherLineAsksForIsTakenBack(rule: String) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let repository = try sandbox.openRepository()
            let files: [RelativePath] = ["cache/a.tar", "cache/a.md5", "cache/a.json"]
            for start in [
                rule,
                "cache/*.tar filter=lfs diff=lfs merge=binary -text\ncache/*.md5 -text\ncache/*.json -text\n" + rule,
            ] {
                try sandbox.write("repo/.gitattributes", start)
                #expect(try CacheAttributes.ensure(in: repository, cache: "cache", files: files))
                #expect(try !CacheAttributes.ensure(in: repository, cache: "cache", files: files))
                let check = StagingCheck(repository, archives: ["cache/a.tar"], files: ["cache/a.md5", "cache/a.json"])
                // A line behind ours that takes the archive out of LFS is the user's to change.
                if rule.contains("text=auto"), start != rule { continue }
                #expect(try check.obstacleOfConversion() == nil, "\(start)")
            }
        }
    }

    @Test(arguments: [
        ("cache/.gitattributes", "*.json ident"), ("cache/.gitattributes", "*.md5 working-tree-encoding=UTF-16"),
        ("cache/.gitattributes", "*.tar -filter"), ("cache/.gitattributes", "* text"),
        (".git/info/attributes", "cache/* filter=x"), (".git/info/attributes", ".gitattributes filter=x"),
    ]) func theLineOfTheHintTakesItBack(file: String, rule: String) async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            try CacheAttributes.ensure(in: sandbox.openRepository(), cache: "cache")
            var text = rule + "\n"
            // One hint after the other, at most one for each file.
            for _ in 0..<4 {
                try sandbox.write("repo/" + file, text)
                let check = try StagingCheck(
                    sandbox.openRepository(), archives: ["cache/a.tar"], files: ["cache/a.md5", "cache/a.json"],
                    rules: [".gitattributes"])
                guard let obstacle = try check.obstacleOfConversion() else { return }
                let words = try #require(obstacle.hint).split(separator: "`")
                #expect(words.first == "write " && words.last?.contains("\(file), then ") == true, "\(obstacle)")
                text += words[1] + "\n"
            }
            Issue.record("not taken back: \(text)")
        }
    }

    @Test func linesThatAreNoTextStayByteForByte() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.git("init", "-q", "repo", in: "")
            let mine: [UInt8] = [0x61, 0xFF] + Array(" text\ncache/*.md5 -text\n*.md5 filter=x\n".utf8)
            try sandbox.write("repo/.gitattributes", bytes: mine)
            try CacheAttributes.ensure(in: sandbox.openRepository(), cache: "cache", files: ["cache/a.md5"])
            #expect(try sandbox.read("repo/.gitattributes").starts(with: mine.prefix(8)))
        }
    }
}
