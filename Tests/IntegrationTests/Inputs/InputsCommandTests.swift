import JSON
import TestSupport
import Testing

/// `cache-image inputs`: the document of docs/formats.md without provenance, and the faults of Dockerfiles.
@Suite struct InputsCommandTests {
    static let dockerfile = """
        # syntax=docker/dockerfile:1
        FROM alpine AS base
        ARG FLAVOUR=plain
        ARG API_TOKEN
        ENV A=1
        WORKDIR /app
        RUN --mount=type=bind,source=lib,target=/lib make
        COPY --chown=1:2 src a.txt ./
        COPY <<end /note
        text
        end
        ADD https://example.org/f /f
        EXPOSE 80
        VOLUME /v
        CMD ["x"]

        """

    private static let files = ["lib/l": "1", "src/s": "2", "a.txt": "3", "other": "4", ".dockerignore": "other\n"]

    private func inputs(
        _ sandbox: Sandbox, _ dockerfile: String, _ arguments: String...
    ) async throws -> CommandResult {
        for (name, text) in Self.files { try sandbox.write(name, text) }
        try sandbox.write("Dockerfile", dockerfile)
        return try await sandbox.run("cache-image", ["inputs", "--name", "demo"] + arguments)
    }

    private func names(_ value: JSONValue?) -> Set<String> { Set((value?.members ?? []).map(\.name)) }

    @Test func theDocumentHasTheMembersOfTheContract() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let result = try await inputs(sandbox, Self.dockerfile, "--json", "--build-arg", "API_TOKEN=hidden").check()
            var rest = result.output[...]
            for name in [
                "algo", "key", "md5", "image", "marks", "platform", "target", "dockerfile", "context", "contextFiles",
                "frontend", "args", "bases", "remotes", "config", "ops", "extra", "ignore", "git", "files",
            ] {
                rest = rest[try #require(rest.range(of: "\"\(name)\": "), "\(name)").upperBound...]
            }
            #expect(!result.output.contains("hidden"))
            let document = try #require(try JSONValue(parsing: result.outputBytes).array?.first)
            #expect(document["algo"] == "cache-image-key/2")
            #expect(document["image"] == "demo:latest")
            #expect(document["frontend"] == "docker/dockerfile:1")
            #expect(names(document["args"]) == ["API_TOKEN", "FLAVOUR"])
            #expect(names(document["args"]?["API_TOKEN"]) == ["scrypt", "lines"])
            #expect(document["args"]?["FLAVOUR"]?.normalized.text == #"{"lines":[3],"value":"plain"}"#)
            #expect(document["bases"]?.array?.first?["ref"] == "docker.io/library/alpine:latest")
            #expect(document["bases"]?.array?.first?["line"] == 2)
            #expect(document["remotes"]?.array?.count == 1)
            #expect(
                Set(document["marks"]?.array?.compactMap { $0["mark"]?.string } ?? []) == [
                    "bases-unlocked", "unpinned",
                ])
            #expect(document["config"]?["Env"]?.normalized.text == #"{"A":"1"}"#)
            #expect(document["config"]?["ExposedPorts"]?.normalized.text == #"{"80/tcp":{}}"#)
            #expect(document["config"]?["Volumes"]?.normalized.text == #"{"/v":{}}"#)
            #expect(names(document["ignore"]) == ["file", "sha256"])
            #expect(names(document["files"]) == ["a.txt", "lib/l", "src/s"])
        }
    }

    @Test func operationsHaveTheMembersOfTheirKind() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let result = try await inputs(sandbox, Self.dockerfile, "--json").check()
            let operations = try #require(try JSONValue(parsing: result.outputBytes).array?.first?["ops"]?.array)
            #expect(operations.map { $0["kind"]?.string } == ["mkdir", "run", "copy", "copy", "add"])
            #expect(operations.map { $0["line"]?.integer } == [6, 7, 8, 9, 12])
            #expect(operations.map { $0["end"]?.integer } == [6, 7, 8, 11, 12])
            #expect(operations.allSatisfy { $0["stage"] == "base" && $0["state"]?.string?.utf8.count == 64 })
            let run = operations[1]
            #expect(run["argv"]?.normalized.text == #"["/bin/sh","-c","make"]"#)
            #expect(run["cwd"] == "/app")
            #expect(run["network"] == "default")
            #expect(run["security"] == "sandbox")
            #expect(run["mounts"]?.normalized.text == #"[{"source":"lib","target":"/lib","type":"bind"}]"#)
            #expect(names(run["env"]).isSuperset(of: ["A", "FLAVOUR"]))
            let copy = operations[2]
            #expect(copy["text"] == "COPY --chown=1:2 src a.txt ./")
            #expect(copy["from"] == .null)
            #expect(copy["sources"]?.normalized.text == #"["src","a.txt"]"#)
            #expect(copy["dest"] == "/app/")
            #expect(copy["flags"]?.normalized.text == #"{"chown":"1:2"}"#)
            #expect(copy["files"] == 2)
            #expect(operations[3]["sources"]?.normalized.text == #"[{"data":"text\n","name":"end"}]"#)
            #expect(operations[4]["sources"]?.normalized.text == #"["https://example.org/f"]"#)
        }
    }

    @Test(arguments: [
        ("FROM scratch\nFOO x\n", "Dockerfile:2: unknown instruction: FOO"),
        ("FROM scratch\n\nENV A\n", "Dockerfile:3: ENV must have two arguments"),
        ("FROM scratch\nCOPY none /\n", "none (Dockerfile:2): "), ("RUN x\n", "Dockerfile:1: no build stage"),
        ("FROM scratch\nRUN <<E\n", "Dockerfile:2: unterminated heredoc"), ("", "Dockerfile"),
        ("FROM scratch\nLABEL a=${X:?needed}\n", "Dockerfile:2: "), ("# nothing\n", "Dockerfile"),
    ])
    func faultsOfTheDockerfileHaveStatus2AndTheirLine(text: String, message: String) async throws {
        try await Sandbox.with { (sandbox) async throws in
            let result = try await inputs(sandbox, text, "--key").check(2)
            #expect(result.error.contains(message), "\(result.error)")
            #expect(result.output.isEmpty)
            let document = try JSONValue(parsing: try await inputs(sandbox, text, "--json").check(2).outputBytes)
            #expect(document.array?.first?["error"]?.string?.contains("Dockerfile") == true)
        }
    }

    @Test func whatANewerFrontendMayKnowWidensTheKey() async throws {
        try await Sandbox.with { (sandbox) async throws in
            let text = "# syntax=docker/dockerfile:99\nFROM scratch\nFOO x\n"
            let result = try await inputs(sandbox, text, "--json").check()
            let document = try #require(try JSONValue(parsing: result.outputBytes).array?.first)
            #expect(document["marks"]?.array?.first?["mark"] == "inexact")
            #expect(document["ops"] == .array([]))
            #expect(document["config"] == .object([]))
            #expect(names(document["files"]).isSuperset(of: ["Dockerfile", "a.txt", "lib/l", "src/s"]))
            #expect(!names(document["files"]).contains("other"))
        }
    }

    /// Rule 4: how the engine is called decides nothing.
    @Test func optionsOfTheBuildDoNotCount() async throws {
        try await Sandbox.with { (sandbox) async throws in
            try sandbox.write("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n")
            func key(_ settings: String, _ arguments: String...) async throws -> String {
                try sandbox.write("c.yml", "images: {demo: {dockerfile: Dockerfile, \(settings)}}\n")
                return try await sandbox.run("cache-image", ["--config", "c.yml", "inputs", "--key"] + arguments)
                    .check().output
            }
            let plain = try await key("tag: latest")
            #expect(try await key("buildOptions: [--network, host, --add-host, 'a:1.2.3.4']") == plain)
            #expect(try await key("tag: latest", "--engine", "docker") == plain)
            #expect(try await key("labels: {a: b}") != plain)
        }
    }
}
