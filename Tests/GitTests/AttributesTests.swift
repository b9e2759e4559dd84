import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@Suite struct AttributesTests {
    @Test func agreesWithGitCheckAttr() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository([
                ".gitattributes": """
                # comment
                [attr]image filter=lfs diff=lfs -text
                *.tar image
                *.txt text eol=crlf
                docs/** -text
                "sp ace/*.tar" filter=quoted
                sp[[:space:]]ace/x.bin filter=lfs
                dir/ filter=dir
                /rooted.bin filter=rooted
                a/**/z filter=stars
                *.Bin !filter working-tree-encoding=UTF-16
                !neg filter=x
                *.bad inval/id filter=x
                binary.dat binary
                [tT]op.md ident merge=binary
                """,
                "a/.gitattributes": "*.tar -filter\nsub/*.tar filter=sub\n[attr]late filter=late\n*.late late\n",
                "a/sub/.gitattributes": "deep.tar !filter\n",
                "home": "x",
            ])
            try sandbox.write("repo/.git/info/attributes", "info.tar filter=info\n")
            try sandbox.write("home/.config/git/attributes", "*.user filter=user\n*.tar merge=weak\n")
            let paths = [
                "x.tar", "a/x.tar", "a/sub/x.tar", "a/sub/deep.tar", "x.txt", "docs/a/b.txt", "sp ace/x.tar",
                "sp ace/x.bin", "dir", "dir/x", "rooted.bin", "a/rooted.bin", "a/z", "a/b/c/z", "y.Bin", "neg", "n.bad",
                "binary.dat", "Top.md", "top.md", "info.tar", "q/info.tar", "x.user", "x.late", "a/x.late",
            ]
            let names = ["filter", "text", "eol", "ident", "working-tree-encoding", "diff", "merge", "binary", "image"]
            let output = try await sandbox.run(
                "git", ["check-attr", "--stdin", "-z"] + names, in: "repo",
                input: Array(paths.joined(separator: "\0").utf8)
            ).check().output
            let words = output.split(separator: "\0").map(String.init)
            let attributes = try sandbox.open().attributes(names)
            var mismatches: [String] = []
            for start in stride(from: 0, to: words.count - 2, by: 3) {
                let value = try attributes.value(of: words[start + 1], for: RelativePath(words[start]))
                if value.word != words[start + 2] {
                    mismatches.append("\(words[start]) \(words[start + 1]): \(value.word), git \(words[start + 2])")
                }
            }
            #expect(words.count == paths.count * names.count * 3)
            #expect(mismatches == [])
        }
    }

    @Test func filesMissingInTheWorkTreeAreReadFromTheIndex() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository(["d/.gitattributes": "*.tar filter=lfs\n"])
            try Files.remove(sandbox.path("repo/d/.gitattributes"))
            let value = try sandbox.open().attributes().value(of: "filter", for: "d/x.tar")
            #expect(value == .value("lfs"))
        }
    }

    @Test func aFolderWithoutTheFileStillHasTheIndexesAndThoseAbove() async throws {
        try await Sandbox.with { sandbox in
            try await sandbox.makeRepository([
                "d/.gitattributes": "*.tar filter=lfs\n", "e/.gitattributes": "/x/* text\n", "f/x": "",
            ])
            try Files.remove(sandbox.path("repo/d/.gitattributes"))
            let attributes = try sandbox.open().attributes()
            #expect(try !attributes.sayNothing(of: "d", isWithoutFile: true))
            #expect(try !attributes.sayNothing(of: "e/x", isWithoutFile: true))
            #expect(try attributes.sayNothing(of: "f", isWithoutFile: true))
        }
    }
}
