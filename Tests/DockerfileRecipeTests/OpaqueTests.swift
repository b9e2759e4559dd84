import OCI
import Testing

@testable import Context
@testable import DockerfileRecipe
@testable import Records

@Suite struct OpaqueTests {
    static let dockerfile = "# syntax=example.org/other\nTHING\n"

    @Test func coversTheWholeContextWhenTheFrontendIsUnknown() async throws {
        try await Project.with(["a": "1", "sub/b": "2", ".dockerignore": "sub\n"], dockerfile: Self.dockerfile) {
            project in
            let inputs = try project.inputs()
            #expect(inputs.record.isOpaque)
            #expect(inputs.record.isOpaque)
            #expect(inputs.marks.map(\.kind) == [.inexact])
            #expect(inputs.paths == [".dockerignore", "Dockerfile", "a"])
            let key = inputs.key
            try project.write("sub/b", "3")
            #expect(try project.inputs().key == key)
            try project.write("a", "2")
            let changed = try project.inputs()
            #expect(changed.key != key)
            #expect(changed.record.reasons(since: inputs.record).map(\.description) == ["changed a"])
        }
    }

    @Test func namesTheFirstChangedLineOfItsDockerfile() async throws {
        try await Project.with(["a": "1"], dockerfile: Self.dockerfile) { (project) async throws in
            let before = try project.inputs()
            try project.write("Dockerfile", "# syntax=example.org/other\nOTHER THING\n")
            let reasons = try project.inputs().record.reasons(since: before.record)
            #expect(reasons.first?.name == .instructionChanged)
            #expect(reasons.first?.line == 2)
            #expect(reasons.first?.old == "THING")
        }
    }

    @Test func countsArgumentsLabelsTargetAndPlatform() async throws {
        try await Project.with(["a": "1"], dockerfile: Self.dockerfile) { (project) async throws in
            let before = try project.inputs()
            func reason(_ change: (inout ImageRequest) -> Void) throws -> [Reason.Name] {
                try project.inputs(change).record.reasons(since: before.record).map(\.name)
            }
            #expect(try reason { $0.arguments["A"] = "1" } == [.argChanged])
            #expect(try reason { $0.labels["A"] = "1" } == [.labelChanged])
            #expect(try reason { $0.target = "x" } == [.targetChanged])
            #expect(try reason { $0.platform = .init(architecture: "arm64") } == [.platformChanged])
            #expect(try reason { $0.salt["A"] = "1" } == [.saltChanged])
            #expect(try reason { $0.hasNamedContexts = true } == [.extraChanged])
        }
    }
}
