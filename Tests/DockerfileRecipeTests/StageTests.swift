import OCI
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// Stages, operations and arguments: rules 8 to 10 and 31 to 35.
@Suite struct StageTests {
    private func key(_ dockerfile: String, _ change: (inout ImageRequest) -> Void = { _ in }) async throws -> String {
        try await Project.with(["a": "1", "b": "2"], dockerfile: dockerfile) { try $0.key(change) }
    }

    private func expectEqual(_ first: String, _ second: String, _ change: (inout ImageRequest) -> Void = { _ in })
        async throws
    {
        #expect(try await key(first, change) == key(second, change), "\(first)\n--\n\(second)")
    }

    private func expectDifferent(_ first: String, _ second: String) async throws {
        #expect(try await key(first) != key(second), "\(first)\n--\n\(second)")
    }

    @Test func countsReachableStagesOnlyAndNoNames() async throws {
        let one = "FROM scratch AS x\nCOPY a /\nFROM scratch AS unused\nCOPY b /\nFROM scratch\nCOPY --from=x /a /a\n"
        try await expectEqual(one, one.replacingOccurrences(of: "COPY b /", with: "RUN anything"))
        try await expectEqual(
            one, one.replacingOccurrences(of: "AS x", with: "AS y").replacingOccurrences(of: "from=x", with: "from=Y"))
        try await expectEqual(one, one.replacingOccurrences(of: "from=x", with: "from=0"))
        try await expectDifferent(one, one.replacingOccurrences(of: "COPY a /\n", with: "COPY a /\nRUN x\n"))
    }

    @Test func doesNotCountTheOrderOfMetadata() async throws {
        try await expectEqual(
            "FROM scratch\nCOPY a /\nLABEL x=1\nENV A=1\nCMD [\"x\"]\n",
            "FROM scratch\nCMD [\"x\"]\nLABEL x=1\nCOPY a /\nENV A=1\n")
        try await expectDifferent("FROM scratch\nRUN x\nENV A=1\n", "FROM scratch\nENV A=1\nRUN x\n")
        try await expectDifferent("FROM scratch\nLABEL x=1\n", "FROM scratch\nLABEL x=2\n")
        try await expectEqual("FROM scratch\nEXPOSE 80-82\n", "FROM scratch\nEXPOSE 80 81 82/tcp\n")
        try await expectEqual("FROM scratch\nWORKDIR /\nCOPY a /\n", "FROM scratch\nCOPY a /\nWORKDIR /\n")
    }

    @Test func countsTheOrderOfOperations() async throws {
        try await expectDifferent("FROM scratch\nCOPY a /\nCOPY b /\n", "FROM scratch\nCOPY b /\nCOPY a /\n")
    }

    @Test func doesNotCountSpellingThatChangesNothing() async throws {
        try await expectEqual(
            "FROM scratch\nRUN a && \\\n  # remark\n\n  b\nENV A=\"x\"\nCOPY  a   /\n",
            "from scratch\nrun a &&   b\nenv A=x\ncopy [\"a\", \"/\"]\n")
        try await expectDifferent("FROM scratch\nRUN a b\n", "FROM scratch\nRUN a  b\n")
    }

    @Test func countsArgumentsThatARunSees() async throws {
        let dockerfile = "FROM scratch\nARG X=1\nRUN true\n"
        #expect(try await key(dockerfile) != key(dockerfile) { $0.arguments["X"] = "2" })
        #expect(try await key(dockerfile) == key(dockerfile) { $0.arguments["X"] = "1" })
        #expect(try await key(dockerfile) == key(dockerfile) { $0.arguments["UNDECLARED"] = "2" })
        #expect(try await key(dockerfile) == key(dockerfile) { $0.arguments["HTTP_PROXY"] = "2" })
        let late = "FROM scratch\nRUN true\nARG X=1\n"
        #expect(try await key(late) == key(late) { $0.arguments["X"] = "2" })
        let expanded = "FROM scratch\nARG X=1\nENV A=$X\n"
        #expect(try await key(expanded) != key(expanded) { $0.arguments["X"] = "2" })
        let inherited = "FROM scratch AS a\nARG X\nFROM a\nRUN true\n"
        #expect(try await key(inherited) != key(inherited) { $0.arguments["X"] = "2" })
        let overridden = "FROM scratch\nARG X\nENV X=3\nRUN true\n"
        let before = try await key(overridden) { $0.arguments["X"] = "1" }
        #expect(try await key(overridden) { $0.arguments["X"] = "2" } == before)
    }

    @Test func leavesLocalArgumentsOut() async throws {
        let dockerfile = "FROM scratch\nARG USER_ID=1000\nRUN true\nENV U=$USER_ID\n"
        func key(_ value: String?) async throws -> String {
            try await self.key(dockerfile) {
                $0.localArguments = ["USER_ID"]
                $0.arguments["USER_ID"] = value
            }
        }
        #expect(try await key("1") == key("2"))
        #expect(try await key("1") == key(nil))
    }

    @Test func doesNotCountSecretsOrCacheNames() async throws {
        try await expectEqual(
            "FROM scratch\nRUN --mount=type=cache,target=/c,id=a,sharing=locked x\n",
            "FROM scratch\nRUN --mount=type=cache,target=/c,id=b x\n")
        try await expectDifferent(
            "FROM scratch\nRUN --mount=type=secret,id=a x\n", "FROM scratch\nRUN --mount=type=secret,id=b x\n")
    }

    @Test func doesNotCountTheDelimiterOfAHeredoc() async throws {
        try await expectEqual("FROM scratch\nRUN <<EOF\nx\nEOF\n", "FROM scratch\nRUN <<END\nx\nEND\n")
        try await expectEqual("FROM scratch\nCOPY <<EOF /f\nx\nEOF\n", "FROM scratch\nCOPY <<-EOF /f\n\tx\nEOF\n")
        try await expectDifferent("FROM scratch\nCOPY <<EOF /f\nx\nEOF\n", "FROM scratch\nCOPY <<EOF /f\ny\nEOF\n")
        try await expectDifferent("FROM scratch\nCOPY <<EOF /f\nx\nEOF\n", "FROM scratch\nCOPY <<EOF /f\nx\r\nEOF\n")
    }

    @Test func countsTargetPlatformLabelsAndFrontend() async throws {
        let dockerfile = "FROM scratch AS a\nCOPY a /\nFROM a AS b\nCOPY b /\n"
        #expect(try await key(dockerfile) != key(dockerfile) { $0.target = "a" })
        #expect(try await key(dockerfile) == key(dockerfile) { $0.target = "b" })
        #expect(try await key(dockerfile) != key(dockerfile) { $0.platform = .init(architecture: "arm64") })
        #expect(try await key(dockerfile) != key(dockerfile) { $0.labels["x"] = "1" })
        try await expectDifferent(dockerfile, "# syntax=docker/dockerfile:1\n" + dockerfile)
        let error = try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            inputsError { _ = try project.inputs { $0.target = "none" } }
        }
        #expect(error?.kind == .recipe)
    }

    @Test func reachesTheMountsOfARun() async throws {
        let dockerfile = "FROM scratch\nRUN --mount=type=bind,source=a,target=/x true\n"
        try await Project.with(["a": "1", "b": "1"], dockerfile: dockerfile) { (project) async throws in
            let before = try project.inputs()
            try project.write("b", "2")
            #expect(try project.key() == before.key.hexadecimal)
            try project.write("a", "2")
            let reasons = try project.inputs().record.reasons(since: before.record)
            #expect(reasons.map(\.name) == [.fileContentChanged])
            #expect(!reasons[0].distrustsStepCache)
        }
    }
}
