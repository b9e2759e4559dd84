import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// Secrets reach the engine in its environment, and stand in no argument and in no log.
@Suite struct SecretTests {
    private static func request(_ secrets: [BuildRequest.Secret] = []) throws -> BuildRequest {
        var request = BuildRequest(context: "/c", dockerfile: [], name: try ImageName("a:1"), scratch: "/s")
        request.arguments = [("PLAIN", "1")]
        request.secretArguments = [("TOKEN", "s3cr3tVALUE")]
        request.secrets = secrets
        return request
    }

    @Test func buildersAreToldTheNameOnly() throws {
        let request = try Self.request([
            .init(id: "npm", source: .variable("NPM")), .init(id: "key", source: .file("/a,b/key")),
        ])
        for builder in [
            Builder.buildx, .builtInBuildKit,
            .buildahLibrary("podman", hasGlobalRuntime: true, neverPull: "--pull=never", knowsHeredocs: true),
        ] {
            let call = BuildCall(
                request: request, tag: "t", dockerfile: "D", secretFiles: ["key": "/s/secret-1"], idFile: "/i",
                abilities: Abilities())
            let words = builder.arguments(call).joined(separator: " ")
            #expect(words.contains("--build-arg PLAIN=1 --build-arg TOKEN "))
            #expect(words.contains("--secret id=npm,env=NPM --secret id=key,src=/s/secret-1"))
            #expect(!words.contains("s3cr3t"))
        }
    }

    @Test func theLogHidesTheirValues() async throws {
        try await Sandbox.with { sandbox in
            let file = sandbox.path("log")
            try sandbox.write(".keep", "")
            let lines = LineBuffer()
            let log = try BuildLog(file: file, hiding: ["s3cr3t", "s3cr3tVALUE"]) {
                lines.take(Array(($0 + "\n").utf8))
            }
            log.take("STEP 2/3: RUN echo s3cr3tVALUE s3cr3tVALUE")
            log.take("error: s3cr3t is wrong")
            #expect(lines.lastLines == ["STEP 2/3: RUN echo *** ***", "error: *** is wrong"])
            #expect(try sandbox.text("log") == "STEP 2/3: RUN echo *** ***\nerror: *** is wrong\n")
            #expect(log.failedStep == "RUN echo *** ***" && log.error == "error: *** is wrong")
        }
    }

    @Test func theLogHidesWhatURLsHold() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write(".keep", "")
            let lines = LineBuffer()
            let log = try BuildLog(file: sandbox.path("log")) { lines.take(Array(($0 + "\n").utf8)) }
            log.take("STEP 2/3: RUN curl https://user:pw@host/a?sig=x")
            let shown = "STEP 2/3: RUN curl https://***@host/a?***"
            #expect(lines.lastLines == [shown])
            #expect(try sandbox.text("log") == shown + "\n")
            #expect(log.failedStep == "RUN curl https://***@host/a?***")
        }
    }

    @Test func aSecretThatCannotBeHadIsRefusedBeforeTheBuild() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("key", "k")
            let engine = Engine(.podman, executable: "/bin/true", environment: ["SET": "value-of-set", "PATH": "/bin"])
            func links(_ source: BuildRequest.Secret.Source, _ builder: Builder = .buildx) throws -> [String: FilePath]
            {
                try engine.linkSecrets(
                    try Self.request([.init(id: "i", source: source)]), builder, in: sandbox.path(""))
            }
            #expect(try links(.variable("SET")).isEmpty)
            #expect(try links(.file(sandbox.path("key")))["i"]?.string.hasSuffix("/secret-0") == true)
            for (source, builder, reason) in [
                (.variable("UNSET"), Builder.buildx, "the variable UNSET of the secret i is not set"),
                (.file(sandbox.path("none")), .buildx, "of the secret i is no file"),
                (.variable("SET"), .dockerLegacy, "docker legacy does not support secrets"),
            ] as [(BuildRequest.Secret.Source, Builder, String)] {
                let error = #expect(throws: EngineError.self) { _ = try links(source, builder) }
                #expect(error?.description.contains(reason) == true)
            }
            #expect(
                engine.secretValues(try Self.request([.init(id: "i", source: .variable("SET"))])) == [
                    "s3cr3tVALUE", "value-of-set",
                ])
        }
    }

    @Test func aWorkingContainerIsGivenVariablesByName() {
        #expect(
            Dialect.buildah.containers.working?.pass(["A", "B"], "c") == ["config", "--env", "A", "--env", "B", "c"])
    }
}
