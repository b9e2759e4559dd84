import Git
import TestSupport
import Testing

@testable import DockerfileRecipe

/// Which files a fresh clone holds with other line ends, judged by a fresh clone.
@Suite struct LineEndTests {
    @Test func theFilesAreThoseThatACloneHoldsOtherwise() async throws {
        let files = [
            "lf.txt": "a\nb\n", "crlf.txt": "a\r\nb\r\n", "mixed.txt": "a\r\nb\n", "none.txt": "a",
            "binary.txt": "a\0\n",
            "cr.txt": "a\rb\n", "empty.txt": "",
        ]
        for rule in [
            "*.txt text eol=crlf", "*.txt text eol=lf", "*.txt text=auto eol=crlf", "*.txt text=auto eol=lf",
            "*.txt eol=crlf",
            "*.txt -text eol=crlf", "*.txt text", "*.txt eol=crlf\nlf.txt !eol !text",
        ] {
            try await Project.with(files.merging([".gitattributes": rule + "\n"]) { $1 }) { project in
                let inputs = try project.inputs()
                let repository = try #require(try project.repository())
                let found = try Set(inputs.otherLineEnds(in: repository).map(\.path.description))
                _ = try await project.sandbox.run("git", ["clone", "-q", project.folder, "clone"]).check()
                let different = try files.keys.filter {
                    try project.sandbox.read("clone/\($0)") != project.sandbox.read("\(project.folder)/\($0)")
                }
                #expect(found == Set(different), "\(rule)")
            }
        }
    }
}
