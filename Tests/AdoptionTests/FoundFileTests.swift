import SystemCalls
import TestSupport
import Testing

@testable import Adoption

/// Which files are Dockerfiles and compose files, and what is read of them.
@Suite struct FoundFileTests {
    @Test(
        arguments: [
            ("Dockerfile", true), ("dockerfile", true), ("Containerfile", true), ("api.Dockerfile", true),
            ("Dockerfile.prod", true), ("api.dockerfile", true), ("Containerfile.test", true),
            ("Dockerfile.dockerignore", false), ("Dockerfile.j2", false), ("Dockerfile.bak", false),
            ("Dockerfile~", false),
            ("DockerfileParser.swift", false), ("myDockerfile", false), ("Dockerfile.md", false),
            (".dockerignore", false),
        ])
    func aDockerfileIsKnownByItsName(name: String, isOne: Bool) {
        #expect(FoundDockerfile.isName(name) == isOne)
    }

    @Test(
        arguments: [
            ("compose.yml", true), ("docker-compose.yaml", true), ("docker-compose.test.yml", true),
            ("podman-compose.yml", true), ("composer.json", false), ("compose.json", false), ("my-compose.yml", false),
        ])
    func aComposeFileIsKnownByItsName(name: String, isOne: Bool) {
        #expect(ComposeFile.isName(name) == isOne)
    }

    @Test func stagesOfADockerfileAreRead() throws {
        let text = """
            FROM --platform=linux/amd64 debian:12 AS Base
            ENTRYPOINT ["tini"]
            FROM base
            COPY --from=base /a /b
            FROM base AS test
            COPY requirements.txt src/ /app/
            ADD . /app
            CMD ["pytest"]

            """
        let file = try #require(FoundDockerfile("Dockerfile", Array(text.utf8)))
        #expect(file.stageNames == ["base", "test"])
        #expect(file.stages.map(\.takesFiles) == [false, false, true])
        #expect(file.takesAll && file.testStage == "test")
        #expect(file.hasCommand("test"))
        #expect(file.hasEntrypoint("test"))
        #expect(file.sources == ["requirements.txt", "src/", "."])
        #expect(FoundDockerfile("Dockerfile", Array("RUN true\n".utf8)) == nil)
        #expect(FoundDockerfile("Dockerfile", []) == nil)
    }

    @Test(
        arguments: [
            ("plain", "plain"), ("${A:-x}", "x"), ("${A-x}/y", "x/y"), ("a$$b", "a$b"), ("${A}", nil), ("$A", nil),
            ("${A:-${B}}", nil), ("${A:?no}", nil), ("${", nil),
        ] as [(String, String?)])
    func aVariableWithADefaultIsPutIn(text: String, value: String?) {
        #expect(ComposeFile.value(text) == value)
    }

    @Test func servicesThatAreBuiltAreRead() throws {
        let text = """
            services:
              web:
                build: ./web
                image: registry.example.com/team/web:${TAG:-1.2}
              tests:
                build: {context: ., dockerfile: docker/Dockerfile, target: test, args: [A=1, B], cache_from: [x]}
                command: [pytest, tests/unit]
              db: {image: "postgres:16"}
              far: {build: ../other}
              remote: {build: "https://example.com/x.git"}

            """
        let files = ProjectFiles(root: "/", paths: [])
        let services = ComposeFile("compose.yml", Array(text.utf8), in: files).services
        #expect(services.map(\.name) == ["web", "tests"])
        #expect(services[0].context == "web" && services[0].image == "registry.example.com/team/web:1.2")
        #expect(services[1].dockerfile == "docker/Dockerfile" && services[1].target == "test")
        #expect(services[1].arguments == ["A": "1", "B": nil] && services[1].command == ["pytest", "tests/unit"])
        #expect(services[1].remarks == ["not taken over: build.cache_from"])
        for bad in [
            "services: [", "services: {a: 1}", "a: !x 1", "services: {a: {build: {context: 1, dockerfile_inline: x}}}",
        ] {
            #expect(ComposeFile("compose.yml", Array(bad.utf8), in: files).services.isEmpty, "\(bad)")
        }
    }
}
