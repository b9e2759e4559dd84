import Hashing
import OCI
import Records
import SystemPackage
import Testing

@testable import Context
@testable import DockerfileRecipe

/// Base images that the same configuration declares (rule 56).
@Suite struct DeclaredBaseTests {
    private static let key = SHA256Digest(of: "tools".utf8)
    private static let other = SHA256Digest(of: "other".utf8)

    /// The inputs of a Dockerfile in which `tools` is a declared image with this key.
    private func inputs(_ project: Project, _ key: SHA256Digest = key) throws -> ImageInputs {
        var runtime = RuntimeConfig()
        runtime.env = ["WHERE=src"]
        runtime.shell = ["/bin/x", "-c"]
        let tools = DeclaredBase(name: try ImageName("tools"), key: key, runtime: runtime)
        return try DockerfileImage.compute(
            try project.request(), repository: project.repository(), lock: BaseLock(),
            declared: { base throws(InputsError) in tools.name.isMeant(by: base.written) ? tools : nil }
        ).inputs
    }

    @Test(arguments: [
        "FROM tools\n", "FROM tools:latest\n", "FROM localhost/tools\n", "FROM scratch\nCOPY --from=tools /a /a\n",
        "FROM scratch\nRUN --mount=from=tools,target=/t [\"/t/a\"]\n",
        "FROM tools AS a\nFROM scratch\nCOPY --from=a /a /\n",
        "ARG BASE=tools\nFROM $BASE\n",
    ])
    func theKeyOfADeclaredImageCounts(dockerfile: String) async throws {
        try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            let one = try inputs(project)
            let two = try inputs(project, Self.other)
            #expect(one.key != two.key)
            #expect(one.bases.map(\.declared) == [try ImageName("tools")])
            #expect(one.marks.isEmpty)
            #expect(one.record.bases.map(\.identity) == [.key(Self.key)])
            let read = try InputsRecord.read(one.record.document, named: "record", .all)
            #expect(read.bases == one.record.bases)
            let reasons = two.record.reasons(since: read)
            #expect(reasons.map(\.name) == [.baseChanged])
            let text = "base image tools:latest changed: \(Self.key.short) -> \(Self.other.short) (Dockerfile:"
            #expect(reasons.first?.description.hasPrefix(text) == true)
            #expect(reasons.first?.distrustsStepCache == true)
        }
    }

    @Test(arguments: [
        "FROM tools:2\n", "FROM registry.local/tools\n", "FROM docker.io/library/tools\n", "FROM other/tools\n",
        "FROM tools@sha256:\(String(repeating: "0", count: 64))\n", "FROM scratch\n",
        // A stage that the target does not need.
        "FROM tools AS a\nFROM scratch\n",
    ])
    func anotherNameIsAnOrdinaryBase(dockerfile: String) async throws {
        try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            #expect(try inputs(project).key == inputs(project, Self.other).key)
            #expect(try inputs(project).bases.allSatisfy { $0.declared == nil })
        }
    }

    @Test func whatItSetsIsKnown() async throws {
        let dockerfile = "FROM tools\nCOPY $WHERE/a /a\nRUN x\n"
        try await Project.with(["src/a": "1", "b": "2"], dockerfile: dockerfile) { (project) async throws in
            let known = try inputs(project)
            #expect(known.paths == ["src/a"] && known.marks.isEmpty)
            #expect(known.record.operations.last?["argv"]?.array?.first?.string == "/bin/x")
            #expect(known.runtime?.environment["WHERE"] == "src")
        }
    }

    @Test func whatIsNotKnownStaysSymbolic() async throws {
        let dockerfile = "FROM tools\nCOPY $WHERE/a /a\n"
        try await Project.with(["src/a": "1", "b": "2"], dockerfile: dockerfile) { (project) async throws in
            let tools = DeclaredBase(name: try ImageName("tools"), key: Self.key, runtime: nil)
            let image = try DockerfileImage.compute(
                try project.request(), repository: project.repository(), lock: BaseLock(),
                declared: { _ throws(InputsError) in tools })
            #expect(image.inputs.marks.map(\.kind) == [.inexact])
            #expect(image.inputs.paths.contains("b") && image.inputs.runtime == nil)
        }
    }

    @Test func aNewLockKeepsWhatIsDeclared() async throws {
        try await Project.with([:], dockerfile: "FROM tools\n") { (project) async throws in
            let tools = DeclaredBase(name: try ImageName("tools"), key: Self.key, runtime: RuntimeConfig())
            let image = try DockerfileImage.compute(
                try project.request(), repository: project.repository(), lock: BaseLock(),
                declared: { _ throws(InputsError) in tools })
            let relocked = try image.relocked(BaseTests.lock(), repository: try project.repository())
            #expect(relocked.inputs.key == image.inputs.key)
            #expect(try image.verify(repository: try project.repository()) == [])
        }
    }

    @Test func aSecretThatTheBaseSetsIsNotHandedOn() async throws {
        let dockerfile = "FROM scratch\nENV API_TOKEN=s3cr3t PATH=/bin\n"
        try await Project.with([:], dockerfile: dockerfile) { (project) async throws in
            #expect(try project.inputs().runtime == nil)
            try project.write("Dockerfile", "FROM scratch\nENV PATH=/bin\nONBUILD RUN x\nUSER me\nWORKDIR /w\n")
            let runtime = try #require(try project.inputs().runtime)
            #expect(runtime.env == ["PATH=/bin"] && runtime.onBuild == ["RUN x"])
            #expect(runtime.user == "me" && runtime.workingDirectory == "/w")
        }
    }
}
