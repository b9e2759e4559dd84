import Git
import SystemCalls
import SystemPackage
import TestSupport
import Testing

@testable import Adoption

/// Lines that files get, and how changes are shown.
@Suite struct PlanTests {
    /// Patterns of `.gitignore`, the lines for the cache, and whether the cache is left local.
    @Test(
        arguments: [
            ([], ["/docker-cache/.tmp-*"], false), (["docker-cache/"], [], true), (["/docker-cache/*"], [], true),
            (["*.tar"], ["/docker-cache/.tmp-*", "!/docker-cache/*.tar"], false),
            (["*.tar", "*.md5", ".tmp-*"], ["!/docker-cache/*.tar", "!/docker-cache/*.md5"], false),
            (["*.json"], ["/docker-cache/.tmp-*", "!/docker-cache/*.json"], false),
        ] as [([String], [String], Bool)])
    func theCacheGetsWhatItNeeds(patterns: [String], lines: [String], isLocal: Bool) throws {
        let found = try IgnoreLines.ofCache("docker-cache", IgnoreRules(patterns: patterns))
        #expect(found.lines == lines && (found.localRule != nil) == isLocal)
    }

    @Test(
        arguments: [
            ([], []), (["bin/"], ["!/bin/", "/bin/*", "!/bin/a", "!/bin/b"]), (["bin/*"], ["!/bin/a", "!/bin/b"]),
            (["a"], ["!/bin/a"]),
        ] as [([String], [String])])
    func scriptsAreShared(patterns: [String], lines: [String]) throws {
        #expect(try IgnoreLines.sharing(["bin/a", "bin/b"], IgnoreRules(patterns: patterns)) == lines)
    }

    @Test func onlyMissingLinesAreAddedInTheFilesOwnForm() async throws {
        try await Sandbox.with { sandbox in
            for (before, after) in [
                ("x\r\ny", "x\r\ny\r\n# why\r\nz\r\n"), ("z  \n", "z  \n"), ("", "# why\nz\n"), ("z\nx", "z\nx"),
            ] {
                try sandbox.write("f", before)
                var file = try LinesFile("f", at: sandbox.path("f"))
                file.add(["z"], because: "why")
                #expect(file.after == Array(after.utf8), "\(before)")
            }
            var missing = try LinesFile("g", at: sandbox.path("g"))
            #expect(missing.planned.action == nil)
            missing.add(["z"], because: "why")
            #expect(missing.planned.action == "create" && missing.planned.difference == ["+ # why", "+ z"])
        }
    }

    @Test func aDifferenceShowsChangedLinesOnly() {
        let file = PlannedFile("a", at: "/a", before: Array("a\nb\nc\n".utf8), after: Array("a\nx\nc\nd\n".utf8))
        #expect(file.action == "change" && file.difference == ["- b", "+ x", "+ d"])
    }

    @Test(
        arguments: [
            ("a", "sub", "sub/a"), ("../a", "sub", "a"), ("./a/../b/", "", "b"), ("../a", "", nil), ("/a", "", nil),
            ("~/a", "", nil), (".", "sub", "sub"),
        ] as [(String, RelativePath, RelativePath?)])
    func aPathStaysInTheProject(text: String, folder: RelativePath, path: RelativePath?) {
        #expect(RelativePath.resolving(text, in: folder) == path)
    }
}
