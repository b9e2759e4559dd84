import JSON
import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct BaseTests {
    /// Makes (or moves) the base image of the test project in a store.
    func makeBase(_ project: Project, _ text: String, store: String = "a") async throws {
        try project.sandbox.write(
            "base/Dockerfile",
            """
            FROM scratch
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "--install", "-s", "/bin"]
            RUN echo \(text) >/base.txt
            ENV BASE=\(text)

            """)
        let busybox = try project.sandbox.read("project/busybox")
        try project.sandbox.write("base/busybox", bytes: busybox, permissions: 0o755)
        try await project.sandbox.run(
            "podman",
            [
                "--runtime", "runc", "build", "-q", "--format", "docker", "--network", "none", "-t", "localhost/base:1",
                ".",
            ],
            in: "base", environment: try project.storeVariables(store)
        ).check()
    }

    func useBase(_ project: Project) throws {
        try project.write(
            "Dockerfile",
            "FROM localhost/base:1 AS test\nWORKDIR /app\nRUN cat /base.txt >installed.txt\nCOPY src/ ./src/\n")
    }

    @Test func theFirstBuildLocksTheBaseAndIsFreshAfterwards() async throws {
        try await Project.with { (project) async throws in
            try useBase(project)
            try await makeBase(project, "first")
            try await project.cacheImage("update").check()
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
            let lock = try JSONValue(parsing: project.sandbox.read("project/docker-cache/bases.lock.json"))
            #expect(lock["localhost/base:1"]?["linux/amd64"]?["Env"]?["BASE"] == "first")
            let bases = try await project.cacheImage("bases", "--json").check()
            #expect(try JSONValue(parsing: bases.outputBytes).array?.first?["state"] == "locked")
            #expect(try await project.runTests("unit").check().output == "hello\nfirst\n")
        }
    }

    @Test func theLockedBaseIsUsedWhileTheEngineHasIt() async throws {
        try await Project.with { (project) async throws in
            try useBase(project)
            try await makeBase(project, "first")
            try await project.cacheImage("update").check()
            try await makeBase(project, "second")
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
            let bases = try await project.cacheImage("bases").check()
            #expect(bases.output.contains("moved"))
            let warning = "warning: the local base image localhost/base:1 differs from the locked one"
            #expect(bases.error.contains(warning))
            try project.write("src/main.txt", "edited\n")
            let update = try await project.cacheImage("update", "--no-cache").check()
            #expect(update.error.contains(warning))
            #expect(try await project.runTests("unit").check().output == "edited\nfirst\n")
            try await project.cacheImage("bases", "--update").check()
            let moved = try await project.cacheImage("status").check()
            #expect(moved.output.contains("base image localhost/base:1 moved"))
            try await project.cacheImage("update").check()
            #expect(try await project.runTests("unit").check().output == "edited\nsecond\n")
        }
    }

    @Test func aBaseThatIsGoneMovesTheLock() async throws {
        try await Project.with { (project) async throws in
            try useBase(project)
            // The steps archive would have it.
            try project.write(
                "cache-image.yml",
                Project.configuration.replacing("    target: test\n", with: "    target: test\n    steps: none\n"))
            try await makeBase(project, "first")
            try await project.cacheImage("update").check()
            try await makeBase(project, "other", store: "b")
            try project.write("src/main.txt", "edited\n")
            let update = try await project.cacheImage("--offline", "update", store: "b").check()
            #expect(Project.words(update)[0] == "built")
            #expect(update.error.contains("warning: base-moved: localhost/base:1 is not the locked image"))
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
            #expect(try await project.runTests("unit", store: "b").check().output == "edited\nother\n")
        }
    }
}
