import Dockerfile
import Testing

@Suite struct ParserTests {
    private func originals(_ text: String) throws -> [String] {
        try DockerfileSyntax(Array(text.utf8)).instructions.map(\.original)
    }

    @Test func escapesContinueALineUnlessEscapedThemselves() throws {
        #expect(try originals("RUN a \\\n b \\  \n\n# c\n  # d\n\\\nc\n") == ["RUN a  b c"])
        #expect(try originals("RUN a\\\\\nRUN b\\\\\\\nRUN c\n") == ["RUN a\\\\", "RUN b\\\\\\", "RUN c"])
        #expect(try originals("# escape=`\nRUN a `\n b\nRUN c \\\nRUN d\n") == ["RUN a  b", "RUN c \\", "RUN d"])
    }

    @Test func directivesStandInTheFirstLinesOnly() throws {
        #expect(try originals("# comment\n# escape=`\nRUN a `\nRUN b\n").count == 2)
        #expect(try originals("\n# escape=`\nRUN a `\nRUN b\n").count == 2)
        #expect(try originals("#SYNTAX = x\n#escape= ` \nRUN a `\nRUN b\n").count == 1)
        #expect(throws: DockerfileError.self) { try originals("# escape=x\nRUN a\n") }
        #expect(throws: DockerfileError.self) { try originals("# syntax=a\n# syntax=b\nRUN a\n") }
    }

    @Test func lineEndsDoNotCountOutsideOfHeredocs() throws {
        let unix = "FROM x\nRUN a \\\n  b\nCOPY <<E /e\nl\nE\n"
        let windows = unix.replacing("\n", with: "\r\n")
        #expect(try originals(windows) == originals(unix))
        let heredocs = try DockerfileSyntax(Array(windows.utf8)).instructions[2].heredocs
        #expect(heredocs.map(\.content) == ["l\r\n"])
    }

    @Test func linesMayBeAsLongAsBuildKitReads() throws {
        let longest = "RUN " + String(repeating: "a", count: 65_531)
        #expect(try originals(longest + "\n").count == 1)
        #expect(try originals(longest).count == 1)
        #expect(throws: DockerfileError("dockerfile line greater than max allowed size of 65535", line: 2)) {
            try originals("FROM x\n\(longest)a\n")
        }
    }

    @Test func heredocsBelongToRunCopyAndAddOnly() throws {
        let text = "RUN [\"<<A\"]\nENV x <<A\nONBUILD RUN <<A\na\nA\nRUN a <<A <<B\n1\nA\n2\nB\n"
        let instructions = try DockerfileSyntax(Array(text.utf8)).instructions
        #expect(instructions.map(\.heredocs.count) == [0, 0, 1, 2])
        #expect(instructions.map(\.endLine) == [1, 2, 5, 10])
        #expect(throws: DockerfileError("unterminated heredoc", line: 1)) { try originals("RUN <<A\n a\n A\n") }
    }

    @Test func heredocsAreFoundBehindWhatOnlyTheShellCanExpand() throws {
        #expect(try originals("RUN x ${A:=b} <<E\na\nE\nRUN c\n") == ["RUN x ${A:=b} <<E", "RUN c"])
        #expect(try originals("RUN x << \t E\na\nE\nRUN c\n").count == 2)
        #expect(try originals("RUN x \"<<E\"\nRUN c\n").count == 2)
    }

    @Test func bytesThatAreNoTextSurvive() throws {
        let text: [UInt8] = Array("FROM x\n# ".utf8) + [0xE9, 10] + Array("COPY a".utf8) + [0xE9] + Array(" /\n".utf8)
        let plan = try BuildPlan(
            DockerfileSyntax(text), request: StageRequest(platform: .init(architecture: "amd64"))
        ) { _ in nil }
        #expect(plan.operations[0].sources == [.path(.init(bytes: [0x61, 0xE9]))])
    }

    @Test(arguments: [
        ("docker/dockerfile:1", true), ("docker.io/docker/dockerfile:1.7-labs@sha256:0", true),
        ("docker/dockerfile-upstream:master", true), ("dockerfile:experimental", false), ("e.org/x", false),
    ])
    func frontendsOfThisLanguageAreKnown(reference: String, isDockerfile: Bool) {
        let frontend = DockerfileSyntax.frontend(of: Array("# syntax = \(reference) opt\nFROM x\n".utf8))
        #expect(frontend?.reference == reference)
        #expect(frontend?.isDockerfile == isDockerfile)
    }
}
