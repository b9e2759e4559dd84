import Testing

@testable import DockerfileRecipe

@Suite struct KeyTests {
    @Test func pinsTheKeyOfASmallProject() async throws {
        let dockerfile =
            "FROM python:3.10-slim AS base\nARG X=1\nWORKDIR /app\nCOPY a b/ ./\nRUN make $X\nCMD [\"x\"]\n"
        try await Project.with(["a": "1\n", "b/c": "2\n"], dockerfile: dockerfile) { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.paths == ["a", "b/c"])
            #expect(inputs.key.hexadecimal == "a9bdb95cce6d5d4f3b176147f65cbb4cec26d1314be85777c0d8451c802a60a7")
            #expect(inputs.md5 == "2303010a5c6bea27826046d5eafad116")
        }
    }
}
