import OCI
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// What builders are told that look at the words of a step only: rule 44.
@Suite struct FenceTests {
    /// The lines of the fenced Dockerfile, digests replaced by the order in which they are first met; nil where there is none.
    private static func lines(
        _ dockerfile: String, _ files: [String: String] = ["a": "1", "b": "1"],
        _ change: (inout ImageRequest) -> Void = { _ in }
    ) async throws -> [String]? {
        try await Project.with(files, dockerfile: dockerfile) { (project) async throws in
            try project.image(change).fencedDockerfile("F_").map {
                String(decoding: $0, as: UTF8.self).split(separator: "\n").map { String($0) }
            }
        }
    }

    /// Whether each line is a fence.
    private static func fences(_ lines: [String]?) -> [Int]? {
        lines.map { lines in lines.indices.filter { lines[$0].hasPrefix("ARG F_") } }
    }

    @Test(
        arguments: [
            // RUN is known by the arguments that it sees, and by its words.
            ("FROM scratch\nARG V=1\nRUN x $V\nCOPY a /\nENV A=b\nCOPY a /$A\n", []),
            ("FROM scratch\nARG V=1\nENV A=$V\nRUN x\n", [2]), ("FROM scratch\nARG V=1\nCOPY a /$V/\n", [2]),
            ("FROM scratch\nARG V=1\nCOPY a /\nLABEL v=${V}\nWORKDIR /$V\nUSER $V\n", [3, 5, 7]),
            ("FROM scratch\nARG V=1\nARG W=$V\nCOPY a \\\n  # x\n  /$W\n", [3]),
            ("FROM scratch\nRUN --mount=source=a,target=/a x\nRUN --mount=type=cache,target=/a x\n", [1]),
            ("FROM scratch AS s\nCOPY a /\nFROM scratch\nRUN --mount=from=s,target=/a x\n", [3]),
            // What no stage of the target says, is not looked at.
            ("FROM scratch AS s\nARG V=1\nENV A=$V\nFROM scratch\nCOPY a /\n", []),
            ("ARG BASE=scratch\nFROM $BASE\nCOPY a /\n", []),
        ] as [(String, [Int])])
    func stepsThatTakeMoreThanTheirWordsSayAreFenced(dockerfile: String, expected: [Int]) async throws {
        let lines = try await Self.lines(dockerfile)
        #expect(Self.fences(lines) == expected)
        // All else is as it was.
        let rest = lines?.filter { !$0.hasPrefix("ARG F_") }.joined(separator: "\n")
        #expect(rest.map { $0 + "\n" } == dockerfile)
    }

    @Test func aFenceTellsWhatIsTaken() async throws {
        let text = "FROM scratch\nRUN --mount=source=a,target=/a x\nARG V=1\nCOPY b /$V/\n"
        let first = try await Self.lines(text)
        #expect(try await Self.lines(text) == first)
        let other = try await Self.lines(text, ["a": "2", "b": "2"])
        #expect(other?[1] != first?[1] && other?[4] == first?[4])
        let argument = try await Self.lines(text) { $0.arguments["V"] = "2" }
        #expect(argument?[1] == first?[1] && argument?[4] != first?[4])
        // The place says nothing.
        let below = try await Self.lines("\n\n" + text)
        #expect(below?.contains(try #require(first)[1]) == true)
        #expect(below?.contains(try #require(first)[4]) == true)
        // A fence says nothing of a secret that could be guessed.
        let secret = try await Self.lines(text) {
            $0.arguments["V"] = "2"
            $0.secretArguments = ["V"]
        }
        #expect(secret?[4] != argument?[4] && secret?[4].hasPrefix("ARG F_") == true)
    }

    @Test func whatABaseImageDefersCannotBeFenced() async throws {
        let text = "FROM scratch AS s\nONBUILD ARG V=1\nONBUILD COPY a /$V/\nFROM s\nCOPY a /\n"
        #expect(try await Self.lines(text) == nil)
        let mount = "FROM scratch AS s\nONBUILD RUN --mount=source=a,target=/a x\nFROM s\nCOPY a /\n"
        #expect(try await Self.lines(mount) == nil)
        #expect(try await Self.lines("FROM scratch AS s\nONBUILD COPY a /x\nFROM s\nCOPY a /\n") != nil)
    }

    @Test(arguments: [
        ("FROM scratch\nCOPY a /\n", true), ("FROM scratch\nARG V\nCOPY a /$V/\n", false),
        ("FROM scratch\nRUN --mount=source=a,target=/a x\n", false),
    ])
    func whatIsNotUnderstoodIsTrustedWhereItTakesWordsOnly(dockerfile: String, isTrusted: Bool) async throws {
        let lines = try await Self.lines(dockerfile) { $0.hasNamedContexts = true }
        #expect((lines != nil) == isTrusted)
    }
}
