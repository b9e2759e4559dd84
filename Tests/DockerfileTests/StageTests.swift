import Dockerfile
import Testing

@Suite struct StageTests {
    @Test func onlyStagesThatTheTargetNeedsAreEvaluated() throws {
        let text = """
            FROM x AS base
            FROM base AS tools
            RUN tools
            FROM base AS unused
            RUN unused
            FROM base AS test
            RUN --mount=from=tools,target=/t test
            FROM test AS last
            RUN last

            """
        #expect(try plan(text, target: "test").stages.map(\.name) == ["base", "tools", "test"])
        #expect(try plan(text).stages.map(\.name) == ["base", "tools", "test", "last"])
    }

    @Test func namesAreComparedWithoutCaseAndCopyTakesNumbers() throws {
        let plan = try plan("FROM x AS A\nFROM y\nCOPY --from=a /1 /\nCOPY --from=0 /2 /\n", target: nil)
        #expect(plan.operations.map(\.origin) == [.stage(0), .stage(0)])
        #expect(try Self.target("FROM x AS one\nFROM y\n", "ONE") == "one")
    }

    @Test func mountsTakeNoNumbers() throws {
        let plan = try plan("FROM x AS a\nFROM y\nRUN --mount=from=0,target=/m r\n")
        #expect(plan.bases.map(\.name) == ["docker.io/library/y:latest", "docker.io/library/0:latest"])
    }

    @Test func forwardAndCircularReferencesAreErrorsWhereReached() throws {
        let forward = "FROM x AS a\nCOPY --from=b /f /f\nFROM x AS b\n"
        #expect(refusal(forward + "FROM a\n")?.line == 2)
        #expect(refusal(forward + "FROM x\n") == nil)
        #expect(refusal("FROM x AS a\nCOPY --from=a /f /f\n")?.line == 2)
    }

    @Test(arguments: [
        ("FROM x AS a\nCOPY --from=b /f /f\nFROM a AS b\nFROM y\n", 3),
        ("FROM x AS a\nCOPY --from=a /f /f\nFROM y\n", 2),
        ("FROM x\nRUN --mount=from=1,target=/m r\nCOPY --from=1 a b\nFROM y\nCOPY --from=0 a b\nFROM z\n", 5),
        ("FROM x\nCOPY --from=Bad/Name a b\nFROM y\n", 2), ("FROM x\nRUN --mount=from=a:b:c,target=/m r\nFROM y\n", 2),
        ("FROM x\nCOPY --from=9 a b\nFROM y\n", 2), ("FROM Bad/Name\nFROM y\n", 1),
    ])
    func stagesThatNobodyNeedsAreCheckedToo(text: String, line: Int) {
        #expect(refusal(text)?.line == line, "\(String(describing: refusal(text)))")
    }

    @Test func whatOnlyAnEvaluationShowsIsNoErrorInAStageThatNobodyNeeds() {
        let steps = "EXPOSE nothing\nSTOPSIGNAL NONE\nRUN --mount=type=what,target=/m r\nCOPY --chmod=9 a b\n"
        #expect(refusal("FROM x\n\(steps)FROM y\n") == nil)
        #expect(refusal("FROM x\n\(steps)") != nil)
    }

    @Test func unknownNamesAreImages() throws {
        let plan = try plan("FROM scratch\nCOPY --from=busybox:1 /bin /bin\n")
        #expect(plan.bases.map(\.name) == ["docker.io/library/busybox:1"])
        #expect(plan.bases[0].line == 2)
    }

    @Test func missingStagesAndTargetsAreErrors() {
        #expect(refusal("FROM x\nCOPY --from=3 a b\n")?.line == 2)
        #expect(refusal("FROM x\n", target: "nothing")?.reason.contains("nothing") == true)
        #expect(refusal("FROM x\nCOPY --from=$S a b\n")?.line == 2)
    }

    @Test func triggersOfBaseImagesRunInTheStageAtItsFrom() throws {
        let base = BaseImage(onBuild: ["COPY a /a", "RUN make"])
        let plan = try plan("# c\nFROM x AS s\nRUN own\n", base: base)
        #expect(plan.operations.map(\.text) == ["COPY a /a", "RUN make", "RUN own"])
        #expect(plan.operations.map(\.line) == [2, 2, 3])
        #expect(plan.operations.map(\.stage) == ["s", "s", "s"])
        #expect(plan.configuration.onBuild.isEmpty)
    }

    @Test func triggersOfStagesRunInTheirChildrenOnly() throws {
        let plan = try plan("FROM x AS a\nONBUILD RUN t\nFROM a AS b\nFROM b\n")
        #expect(plan.operations.map(\.stage) == ["b"])
        #expect(plan.configuration.onBuild.isEmpty)
        #expect(try Self.target("FROM x AS a\nONBUILD RUN <<E\nt\nE\n", nil) == "a")
    }

    @Test func triggersCanNeedFurtherStages() throws {
        let base = BaseImage(onBuild: ["COPY --from=tools /t /t"])
        let plan = try plan("FROM scratch AS tools\nFROM x\n", base: base)
        #expect(plan.stages.map(\.name) == ["tools", "1"])
    }

    @Test func platformsOfStagesComeFromTheirImages() throws {
        let plan = try plan("FROM --platform=linux/arm64/v8 x AS a\nFROM --platform=linux/386 a\n")
        #expect(plan.stages.map(\.platform.description) == ["linux/arm64", "linux/arm64"])
        #expect(plan.bases.map(\.platform.description) == ["linux/arm64"])
        #expect(refusal("FROM --platform=/x y\n")?.line == 1)
    }

    @Test func imagesForWindowsAreNotSupported() {
        #expect(refusal("FROM --platform=windows/amd64 x\n")?.kind == .notSupported)
    }

    @Test(arguments: [
        ("a", "docker.io/library/a:latest"), ("a:1", "docker.io/library/a:1"), ("u/a", "docker.io/u/a:latest"),
        ("index.docker.io/a", "docker.io/library/a:latest"), ("localhost/a", "localhost/a:latest"),
        ("r.io:5000/a/b:t", "r.io:5000/a/b:t"),
        (
            "a:t@sha256:" + String(repeating: "0", count: 64),
            "docker.io/library/a:t@sha256:" + String(repeating: "0", count: 64)
        ),
    ])
    func referencesAreNormalised(text: String, name: String) throws {
        #expect(try plan("FROM \(text)\n").bases.map(\.name) == [name])
    }

    @Test(arguments: ["A", "a:", "a@sha256:0", "a//b", "-a", "a..b", "a:t:u", String(repeating: "f", count: 64)])
    func referencesThatAreNoneAreErrors(text: String) {
        #expect(refusal("FROM scratch\nFROM \(text)\nFROM scratch\n")?.line == 2)
    }

    @Test func stagesThatAreNotNeededAreEmptiedForBuildersThatBuildAll() throws {
        let text = "ARG V=1\nFROM x:$V AS a\nRUN a \\\n  b\n# c\nFROM y AS unused\nRUN <<E\nFROM z\nE\nFROM a\nRUN c\n"
        let syntax = try DockerfileSyntax(Array(text.utf8))
        let reduced = try syntax.reduced(to: StageRequest(platform: .init(architecture: "amd64")))
        let wanted = "ARG V=1\nFROM x:$V AS a\nRUN a \\\n  b\n# c\nFROM scratch AS unused\n\n\n\nFROM a\nRUN c\n"
        #expect(String(decoding: reduced, as: UTF8.self) == wanted)
    }

    @Test func baseReferencesAreFoundInTextsThatAreNotUnderstood() {
        let text = "ARG V=1\nFROM a:$V AS s\nNEW thing\nFROM s\nFROM --flag=new b\nfrom c\nFROM $UNKNOWN\nRUN <<E\n"
        let references = DockerfileSyntax.baseReferences(
            of: Array(text.utf8), request: StageRequest(platform: .init(architecture: "amd64")))
        #expect(references.map(\.name) == ["docker.io/library/a:1", "docker.io/library/c:latest"])
        #expect(references.map(\.line) == [2, 6])
    }

    private static func target(_ text: String, _ target: String?) throws -> String {
        let plan = try plan(text, target: target)
        return plan.stages[plan.target].name
    }
}
