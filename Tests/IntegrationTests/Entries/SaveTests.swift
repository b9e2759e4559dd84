import TestSupport
import Testing

@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct SaveTests {
    @Test func anImageBuiltForOtherInputsIsRefused() async throws {
        try await Project.with { (project) async throws in
            try await project.cacheImage("update").check()
            try project.write("src/main.txt", "edited\n")
            let refused = try await project.cacheImage("save").check(1)
            #expect(refused.error.contains("was built for key"))
            #expect(try await Project.words(project.cacheImage("save", "--force").check())[0] == "saved")
            #expect(try await project.cacheImage("status").check().output.hasPrefix("fresh"))
        }
    }

    @Test func savingTwiceWritesNothing() async throws {
        try await Project.with { (project) async throws in
            try await project.podman(
                "--runtime", "runc", "build", "-q", "--format", "docker", "--target", "test", "-t", "demo", "."
            ).check()
            #expect(try await Project.words(project.cacheImage("save").check())[0] == "saved")
            let before = try await project.sandbox.run(
                "stat", ["-c", "%n %i %Y", "project/docker-cache/demo-latest.tar"])
            #expect(try await Project.words(project.cacheImage("save").check())[0] == "current")
            let after = try await project.sandbox.run(
                "stat", ["-c", "%n %i %Y", "project/docker-cache/demo-latest.tar"])
            #expect(before.output == after.output)
        }
    }

    @Test func anImageThatTheEngineLacksCannotBeSaved() async throws {
        try await Project.with { (project) async throws in
            #expect(try await project.cacheImage("save").check(1).error.contains("has no such image"))
        }
    }
}
