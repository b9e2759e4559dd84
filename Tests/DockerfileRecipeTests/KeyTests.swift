import Testing

@testable import DockerfileRecipe

@Suite struct KeyTests {
    @Test func pinsTheKeyOfASmallProject() async throws {
        let dockerfile =
            "FROM python:3.10-slim AS base\nARG X=1\nWORKDIR /app\nCOPY a b/ ./\nRUN make $X\nCMD [\"x\"]\n"
        try await Project.with(["a": "1\n", "b/c": "2\n"], dockerfile: dockerfile) { (project) async throws in
            let inputs = try project.inputs()
            #expect(inputs.paths == ["a", "b/c"])
            #expect(inputs.key.hexadecimal == "59a7124002ff5ec788be5947472575f44d71632a9a72174df169872c5b55e5ab")
            #expect(inputs.md5 == "050dfab01d23b930304596f0ac195404")
        }
    }
}
