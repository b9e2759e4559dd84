import Foundation
import JSON
import TestSupport
import Testing

/// A repository becomes one that caches its images.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct AdoptTests {
    @Test func fromNothingToATeammatesClone() async throws {
        try await Project.withoutConfiguration { project in
            let refused = try await project.cacheImage("init").check(2)
            #expect(refused.output.contains("create cache-image.yml") && refused.output.contains("  +   app:"))
            #expect(refused.error.contains("hint: cache-image init --yes writes it"))
            let shown = try await project.cacheImage("init", "--dry-run").check()
            #expect(shown.output == refused.output)
            #expect(try await project.gitStatus() == "")

            let done = try await project.cacheImage("init", "--yes").check()
            #expect(done.output.hasSuffix("missing app:latest \(Project.words(done)[2])\n"))
            #expect(done.error.contains("next: cache-image update"))
            let staged = try await project.git("ls-files", "-s", "bin", "cache-image.yml").lines
            #expect(staged.map { $0.prefix(6) } == ["100755", "100755", "100644"])
            let again = try await project.cacheImage("init", "--yes").check()
            #expect(again.output == "unchanged: all that cache-image init writes is there\n" && again.error == "")

            #expect(Project.words(try await project.cacheImage("update").check()).prefix(2) == ["built", "app:latest"])
            try await project.git("commit", "-q", "-m", "Cache the image")
            #expect(try await project.gitStatus() == "")
            #expect(try await Project.words(project.cacheImage("update").check())[0] == "current")

            let bob = try await project.clone(as: "bob")
            #expect(try await bob.runTests("--frozen", "unit", store: "b").check().output == "hello\n")
            // The small script finds the program.
            let script = try await bob.sandbox.run(
                bob.path("bin/cache-image").string, ["status"], in: "bob",
                environment: ["PATH": "\(Sandbox.products):\(bob.sandbox.environment["PATH"] ?? "")"])
            #expect(try script.check().output.hasPrefix("pointer app:latest "))

            try bob.write("src/main.txt", "hallo\n")
            #expect(try await bob.cacheImage("explain", store: "b").check().output.contains("changed src/main.txt"))
            #expect(try await bob.runTests("unit", store: "b").check().output == "hallo\n")
        }
    }

    @Test func aLoneDockerfileNeedsNoName() async throws {
        try await Project.withoutConfiguration { project in
            let built = try await project.cacheImage("update", in: "src").check()
            #expect(Project.words(built).prefix(2) == ["built", "app:latest"])
            #expect(try await project.cacheImage("status", "app").check().output.hasPrefix("fresh app:latest "))
            #expect(project.exists("docker-cache/app-latest.tar"))
            try project.write("other.Dockerfile", "FROM scratch\n")
            let refused = try await project.cacheImage("update").check(2)
            #expect(
                refused.error.contains("there is no cache-image.yml\nhint: cache-image init writes a cache-image.yml"))
            #expect(try await project.runTests("unit").check(125).error.contains("hint: cache-image init writes"))
        }
    }

    @Test func whatTheImageTakesWholeIsToldApart() async throws {
        try await Project.withoutConfiguration { project in
            try project.write("Dockerfile", "FROM scratch AS test\nCOPY . /\n")
            try project.write(".gitignore", "*.tar\nbin/\n")
            try project.write(".dockerignore", "README.md\n")
            try await project.commit("Ignore")
            try await project.cacheImage("init", "--yes").check()
            #expect(
                try project.sandbox.text("project/.dockerignore").hasSuffix(
                    "\ncache-image.yml\nbin/cache-image\nbin/run-tests\n"))
            let updated = try await project.cacheImage("update").check()
            let key = Project.words(updated)[2]
            let entry = ["docker-cache/app-latest.tar", "bin/run-tests", ".gitignore", ".dockerignore"]
            for path in entry { #expect(try await project.git("ls-files", path).output == path + "\n", "\(path)") }
            try project.write("cache-image.yml", try project.sandbox.text("project/cache-image.yml") + "# more\n")
            #expect(try await project.cacheImage("status").check().output == "fresh app:latest \(key)\n")
            #expect(try await project.cacheImage("init", "--yes").check().output.hasPrefix("unchanged"))
        }
    }

    @Test func aCacheThatIsIgnoredStaysLocal() async throws {
        try await Project.withoutConfiguration { project in
            try project.write(".gitignore", "docker-cache/\n")
            try await project.commit("Ignore")
            let done = try await project.cacheImage("init", "--yes").check()
            #expect(done.output.contains("note: .gitignore:1: docker-cache/ keeps the cache on this machine"))
            #expect(try project.sandbox.text("project/.gitignore") == "docker-cache/\n")
            try await project.cacheImage("update").check()
            #expect(!(try await project.gitStatus()).contains("docker-cache"))
        }
    }

    @Test func theDocumentSaysTheSame() async throws {
        try await Project.withoutConfiguration { project in
            let shown = try await project.cacheImage("init", "--json", "--dry-run").check()
            let document = try JSONValue(parsing: shown.outputBytes)
            #expect(document["written"] == false && document["images"] == ["app:latest"])
            let paths = document["files"]?.array?.compactMap { $0["path"]?.string }
            #expect(
                paths == ["cache-image.yml", "bin/cache-image", "bin/run-tests", ".gitattributes", ".gitignore"])
            let done = try await project.cacheImage("init", "--json", "--yes").check()
            #expect(try JSONValue(parsing: done.outputBytes)["written"] == true)
        }
    }
}
