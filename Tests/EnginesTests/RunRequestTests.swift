import Testing

@testable import Engines

/// How each engine is told what runs.
@Suite struct RunRequestTests {
    struct Form: Sendable {
        let entrypoint: [String]?
        let command: [String]
        var options: [String] = []
        let docker: [String]
        let podman: [String]
        let buildah: [String]
    }

    static let forms = [
        Form(entrypoint: nil, command: [], docker: ["i"], podman: ["i"], buildah: ["own", "cmd"]),
        Form(entrypoint: nil, command: ["a"], docker: ["i", "a"], podman: ["i", "a"], buildah: ["own", "a"]),
        Form(
            entrypoint: [], command: ["sh", "-c", ""], docker: ["--entrypoint", "sh", "i", "-c", ""],
            podman: ["--entrypoint", #"["sh"]"#, "i", "-c", ""], buildah: ["sh", "-c", ""]),
        Form(
            entrypoint: ["tini", "--"], command: ["a"], docker: ["--entrypoint", "tini", "i", "--", "a"],
            podman: ["--entrypoint", #"["tini"]"#, "i", "--", "a"], buildah: ["tini", "--", "a"]),
        Form(
            entrypoint: ["tini"], command: [], docker: ["--entrypoint", "tini", "i"],
            podman: ["--entrypoint", #"["tini"]"#, "i"], buildah: ["tini"]),
        Form(
            entrypoint: [], command: ["[", "1", "]"], docker: ["--entrypoint", "[", "i", "1", "]"],
            podman: ["--entrypoint", #"["["]"#, "i", "1", "]"], buildah: ["[", "1", "]"]),
        // Options that name an ENTRYPOINT of their own go before the level's.
        Form(
            entrypoint: [], command: ["sh", "x"], options: ["--entrypoint", ""], docker: ["i", "sh", "x"],
            podman: ["i", "sh", "x"], buildah: ["sh", "x"]),
        Form(
            entrypoint: [], command: ["x"], options: ["--entrypoint=sh"], docker: ["i", "x"], podman: ["i", "x"],
            buildah: ["x"]),
    ]

    @Test(arguments: forms) func everyEngineIsToldTheSame(form: Form) {
        var request = RunRequest(image: "i", command: form.command)
        request.entrypoint = form.entrypoint
        request.options = form.options
        #expect(request.operands(of: .docker) == form.docker)
        #expect(request.operands(of: .podman) == form.podman)
        #expect(request.command(entrypoint: ["own"], cmd: ["cmd"]) == form.buildah)
    }

    @Test func anImageWithoutEntrypointRunsTheCommandAlone() {
        let request = RunRequest(image: "i", command: ["a"])
        #expect(request.command(entrypoint: nil, cmd: ["cmd"]) == ["a"])
        #expect(RunRequest(image: "i", command: []).command(entrypoint: nil, cmd: nil).isEmpty)
    }
}
