import Foundation
import JSON
import TestSupport
import Testing

/// Images that are made from other images of the same repository.
@Suite(.enabled(if: Requirements.tools("git"))) struct ImageOnImageTests {
    private static let tools = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        COPY tools/list.txt /list.txt
        ENV WHERE=/srv
        SHELL ["/bin/busybox", "sh", "-c"]

        """
    private static let app = """
        FROM tools
        COPY src/ $WHERE/src/
        RUN cat /list.txt >$WHERE/list.txt
        CMD ["/bin/sh", "-c", "cat /srv/list.txt"]

        """
    private static let configuration = """
        engine: podman
        images:
          app: {dockerfile: app/Dockerfile}
          tools: {dockerfile: tools/Dockerfile}
        tests:
          image: app
          levels:
            unit: {command: [sh, -c, "cat /srv/list.txt /srv/src/main.txt"], network: none}

        """

    /// A project with an image `app` that is made from the image `tools`, declared after it.
    private func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.with { project in
            try project.write("tools/Dockerfile", Self.tools)
            try project.write("tools/list.txt", "first\n")
            try project.write("app/Dockerfile", Self.app)
            try project.write("cache-image.yml", Self.configuration)
            try await project.commit("Two images")
            try await body(project)
        }
    }

    private func keys(_ project: Project) async throws -> [String] {
        try await project.cacheImage("inputs", "--key").check().lines
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func theBaseIsBuiltFirstAndItsChangeReachesTheOther() async throws {
        try await with { project in
            let first = try await project.cacheImage("update").check()
            #expect(
                first.lines.map { $0.split(separator: " ").prefix(2) } == [
                    ["built", "app:latest"], ["built", "tools:latest"],
                ])
            #expect(try await project.runTests("unit").check().output == "first\nhello\n")
            // What is declared needs no lock.
            #expect(!project.exists("docker-cache/bases.lock.json"))
            try await project.commit("Cache the images")
            #expect(try await project.cacheImage("update", "--check").check().output.contains("fresh app:latest"))
            #expect(try await project.gitStatus() == "")

            try project.write("tools/list.txt", "second\n")
            let status = try await project.cacheImage("status", "app").check()
            #expect(status.output.hasPrefix("stale app:latest"))
            #expect(status.output.contains("base image tools:latest changed: "))
            #expect(status.output.contains("(app/Dockerfile:1)"))
            let only = try await project.cacheImage("update", "app").check()
            #expect(Project.words(only).prefix(2) == ["built", "app:latest"])
            #expect(try await project.runTests("unit").check().output == "second\nhello\n")
            #expect(try await project.cacheImage("status", "--exit-code").check().error == "")

            // Back to what it was: both are restored, and none is built.
            try await project.commit("Change the tools")
            try project.write("tools/list.txt", "first\n")
            let back = try await project.cacheImage("update").check()
            #expect(back.lines.map { $0.split(separator: " ")[0] } == ["restored", "restored"])
            #expect(try await project.runTests("unit").check().output == "first\nhello\n")
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aFreshCloneUsesTheImageWithoutItsBase() async throws {
        try await with { project in
            try await project.cacheImage("update").check()
            try await project.commit("Cache the images")
            try await project.sandbox.run("git", ["clone", "-q", "project", "copy"]).check()
            let copy = Project(project.sandbox, folder: "copy")
            let loaded = try await copy.cacheImage("update", "app", store: "b").check()
            #expect(Project.words(loaded).prefix(2) == ["loaded", "app:latest"])
            #expect(try await copy.imageID("localhost/tools:latest", store: "b") == "")
            #expect(try await copy.runTests("unit", store: "b").check().output == "first\nhello\n")
        }
    }

    @Test(.enabled(if: Requirements.tools("podman")), .tags(.engine))
    func aFailureOfTheBaseIsSaidOnceForEach() async throws {
        try await with { project in
            try project.write("tools/Dockerfile", Self.tools + "RUN exit 9\n")
            let update = try await project.cacheImage("update")
            #expect(update.status == 13)
            let errors = update.error.split(separator: "\n").filter { $0.hasPrefix("cache-image: cannot ") }
            #expect(errors.count == 2, "\(update)")
            #expect(errors.allSatisfy { $0.contains("tools:latest") })
            #expect(update.error.components(separatedBy: "the whole log is ").count == 2)
        }
    }

    @Test func theKeyOfTheBaseIsPartOfTheOthers() async throws {
        try await with { project in
            let before = try await keys(project)
            try project.write("tools/list.txt", "second\n")
            let after = try await keys(project)
            #expect(before[0] != after[0] && before[1] != after[1])
            // What the base does not take reaches nobody.
            try project.write("other.txt", "x\n")
            #expect(try await keys(project) == after)
            // What the base sets is known: a source that is named by it does not make everything count.
            let inputs = try await project.cacheImage("inputs", "app", "--json").check()
            let record = try JSONValue(parsing: inputs.outputBytes).array?.first
            #expect(record?["files"]?.members?.map(\.name) == ["src/main.txt"])
            #expect(record?["marks"]?.array?.isEmpty == true)
            #expect(record?["bases"]?.array?.first?["identity"]?.string == "key:" + after[1])
        }
    }

    @Test func filesAreTakenFromADeclaredImageToo() async throws {
        try await with { project in
            try project.write("app/Dockerfile", "FROM scratch\nCOPY --from=tools /list.txt /\n")
            let before = try await keys(project)
            try project.write("tools/list.txt", "second\n")
            #expect(try await keys(project)[0] != before[0])
        }
    }

    @Test func anotherTagIsAnOrdinaryBase() async throws {
        try await with { project in
            try project.write("app/Dockerfile", "FROM tools:2\nCOPY src /src\n")
            let before = try await keys(project)
            try project.write("tools/list.txt", "second\n")
            #expect(try await keys(project)[0] == before[0])
            let inputs = try await project.cacheImage("inputs", "app").check()
            #expect(inputs.output.contains("base docker.io/library/tools:2 unlocked"))
        }
    }

    @Test func imagesThatAreMadeFromEachOtherAreRefused() async throws {
        try await with { project in
            try project.write("tools/Dockerfile", "FROM scratch\nCOPY --from=app:latest /x /\n")
            let status = try await project.cacheImage("status", "app")
            #expect(status.status == 2)
            #expect(status.error.contains("tools/Dockerfile:2"), "\(status)")
            try project.write("tools/Dockerfile", "FROM tools\n")
            let own = try await project.cacheImage("status", "tools")
            #expect(own.status == 2 && own.error.contains("tools/Dockerfile:1"), "\(own)")
        }
    }
}
