import Dockerfile
import Patterns
import Testing

/// What a later version of the language may know, what is misspelt, and which frontends are Docker's.
@Suite struct LaterVersionTests {
    /// A step, and whether a later version may know it.
    private static let steps: [(String, Bool)] = [
        ("COPPY a b", false), ("FORM y", false), ("RUNN a", false), ("ENTRYPONT a", false), ("HEALTHCHEK NONE", false),
        ("apt-get install x", false), ("&& make", false), ("curl -o a b", false), ("-y git", false), ("echo hi", false),
        ("INCLUDE a", true), ("TEST make", true), ("Include a", false), ("RUN2 a", false),
        ("COPY --forom=a b c", false), ("COPY --chwon=1 a b", false), ("COPY --new a b", true),
        ("COPY --New a b", false), ("RUN --netwrok=host a", false), ("RUN --network=hots a", false),
        ("RUN --network=bridge a", true), ("RUN --security=insecur a", false),
        ("RUN --mount=type=bnid,target=/m a", false),
        ("RUN --mount=type=overlay,target=/m a", true), ("RUN --mount=type=cache,sharing=lokced,target=/m a", false),
        ("RUN --mount=tagret=/m a", false), ("RUN --mount=target=/m,compress=no a", true),
    ]

    @Test(arguments: steps)
    func misspeltWordsAreNoNews(step: String, isPlausible: Bool) {
        let refusal = refusal("FROM x\n\(step)\n")
        #expect(refusal?.kind == (isPlausible ? .notUnderstood : .invalid), "\(String(describing: refusal))")
        #expect(refusal?.line == 2)
    }

    @Test func aMisspeltWordIsNamedWithTheOneThatIsMeant() {
        #expect(refusal("FROM x\nCOPPY a b\n")?.reason == "unknown instruction: COPPY (did you mean COPY?)")
        #expect(refusal("FROM x\nCOPY --forom=y a b\n")?.reason == "unknown flag: --forom (did you mean from?)")
    }

    @Test(arguments: [
        ("docker/dockerfile:1", true), ("docker/dockerfile-upstream:master", true),
        ("docker.io/docker/dockerfile@sha256:0", true), ("mirror.gcr.io/docker/dockerfile:1", true),
        ("public.ecr.aws/docker/dockerfile:1.7", true), ("registry-1.docker.io/docker/dockerfile", true),
        ("m.daocloud.io/docker.io/docker/dockerfile:1", true), ("m.daocloud.io/docker/dockerfile:1", false),
        ("registry.example.org/docker/dockerfile:1", false), ("mirror.gcr.io/other/dockerfile", false),
        ("ghcr.io/docker/dockerfile", false), ("someone/dockerfile", false),
    ])
    func mirrorsOfDockersRegistryHaveDockersFrontend(reference: String, isDockers: Bool) {
        let frontend = DockerfileSyntax.frontend(of: Array("# syntax=\(reference)\nFROM x\n".utf8))
        #expect(frontend?.isDockerfile == isDockers)
    }

    @Test(arguments: [
        ("", false), ("# syntax=docker/dockerfile:1\n", false), ("# syntax=docker/dockerfile:1-labs\n", true),
        ("# syntax=docker/dockerfile-upstream:master-labs\n", true),
        ("# syntax=docker/dockerfile@sha256:\(String(repeating: "0", count: 64))\n", true),
    ])
    func devicesAreForLabs(directive: String, isAllowed: Bool) {
        let refusal = refusal(directive + "FROM x\nRUN --device=vendor.org/a true\n")
        #expect((refusal == nil) == isAllowed, "\(String(describing: refusal))")
        #expect(refusal?.kind != .notUnderstood)
    }

    @Test(arguments: [
        [0xFF, 0xFE, 0x46, 0, 0x52, 0], [0xFE, 0xFF, 0, 0x46, 0, 0x52], [0x46, 0, 0x52, 0], [0, 0x46, 0, 0x52],
    ])
    func otherEncodingsAreNamed(bytes: [UInt8]) {
        let error = #expect(throws: DockerfileError.self) { _ = try DockerfileSyntax(bytes) }
        #expect(error?.description(file: "D") == "cannot read D: it is UTF-16: save it as UTF-8")
        #expect(IgnoreFile.complaint(about: bytes) != nil)
        #expect(IgnoreFile.complaint(about: Array("*.o".utf8)) == nil)
    }

    @Test(arguments: [
        (["9000-9002/tcp"], ["9000/tcp", "9001/tcp", "9002/tcp"]), (["80-80"], ["80/tcp"]),
        (["8080/TCP"], ["8080/tcp"]),
        (["0080"], ["80/tcp"]), (["127.0.0.1:80:80"], ["80/tcp"]), (["53/udp", "53"], ["53/udp", "53/tcp"]),
        (["what", "99999/tcp"], ["what", "99999/tcp"]),
    ])
    func portsOfAnImageAreComparedInOneForm(written: [String], ports: [String]) {
        #expect(Ports.normalised(written) == Set(ports))
    }
}
