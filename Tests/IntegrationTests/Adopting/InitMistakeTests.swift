import Foundation
import TestSupport
import Testing

/// What `init` refuses, and what it leaves alone.
@Suite(.enabled(if: Requirements.tools("git"))) struct InitMistakeTests {
    private func with(_ body: (Project) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            let project = Project(sandbox)
            try project.write("Dockerfile", "FROM scratch\nCOPY a /\n")
            try project.write("a", "1")
            try await project.git("init", "-q")
            try await body(project)
        }
    }

    private func run(_ project: Project, _ words: String..., in folder: String? = nil) async throws -> CommandResult {
        try await project.sandbox.run("cache-image", words, in: folder ?? project.folder)
    }

    @Test func outsideOfARepositoryThereIsNothingToAdopt() async throws {
        try await Sandbox.with { sandbox in
            try sandbox.write("x/Dockerfile", "FROM scratch\n")
            for command in ["init", "uninstall"] {
                let refused = try await sandbox.run("cache-image", [command, "--yes"], in: "x").check(10)
                #expect(refused.error.contains("it is not in a Git repository\nhint: git init"))
            }
        }
    }

    @Test func withoutADockerfileThereIsNoImage() async throws {
        try await with { project in
            try FileManager.default.removeItem(atPath: project.path("Dockerfile").string)
            try project.write("node_modules/x/Dockerfile", "FROM scratch\n")
            try project.write("ignored/Dockerfile", "FROM scratch\n")
            try project.write(".gitignore", "/ignored\n")
            let refused = try await run(project, "init", "--yes").check(2)
            #expect(
                refused.error.contains("cannot find a Dockerfile below ") && refused.error.contains("hint: write one"))
            try project.write("Dockerfile", "FORM x\n")
            #expect(try await run(project, "init").check(2).error.contains("Dockerfile cannot be read as one"))
            #expect(!project.exists("cache-image.yml"))
        }
    }

    @Test func aConfigurationThatIsThereIsKept() async throws {
        try await with { project in
            try project.write("cache-image.yml", "images: {own: {tag: '7'}}\n")
            let done = try await run(project, "init", "--yes").check()
            #expect(done.output.contains("create bin/run-tests") && !done.output.contains("cache-image.yml\n"))
            #expect(done.output.contains("missing own:7 "))
            #expect(try project.sandbox.text("project/cache-image.yml") == "images: {own: {tag: '7'}}\n")
            try project.write("cache-image.yml", "images: {own: {tga: '7'}}\n")
            #expect(try await run(project, "init", "--yes").check(2).error.contains("cache-image.yml:1"))
        }
    }

    @Test func foreignFilesStay() async throws {
        try await with { project in
            try project.write("bin/run-tests", "#!/bin/sh\nmine\n", permissions: 0o755)
            try FileManager.default.createSymbolicLink(
                atPath: project.path("bin/cache-image").string, withDestinationPath: "run-tests")
            let done = try await run(project, "init", "--yes").check()
            #expect(done.output.contains("note: bin/run-tests is not of cache-image init, and stays"))
            #expect(done.output.contains("note: bin/cache-image is not of cache-image init, and stays"))
            #expect(try project.sandbox.text("project/bin/run-tests") == "#!/bin/sh\nmine\n")
        }
    }

    @Test func aLinkIsNotWrittenThrough() async throws {
        try await with { project in
            try project.sandbox.write("outside", "mine\n")
            try FileManager.default.createSymbolicLink(
                atPath: project.path(".gitignore").string, withDestinationPath: "../outside")
            let refused = try await run(project, "init", "--yes").check(1)
            #expect(refused.error.contains(".gitignore: it is a symbolic link"))
            #expect(try project.sandbox.text("outside") == "mine\n" && !project.exists("cache-image.yml"))
        }
    }

    @Test func whatTheUserChangedIsNotStaged() async throws {
        try await with { project in
            try project.write(".gitignore", "/x\n")
            try await project.commit("Start")
            try project.write(".gitignore", "/x\n/y\n")
            try await run(project, "init", "--yes").check()
            #expect(try await project.git("diff", "--cached", "--name-only").output.contains(".gitignore") == false)
            #expect(try project.sandbox.text("project/.gitignore").hasPrefix("/x\n/y\n# "))
            try await project.git("reset", "-q", "--hard")
            try await project.git("config", "core.fileMode", "false")
            try await run(project, "init", "--yes").check()
            #expect(try await project.git("ls-files", "-s", "bin").lines.allSatisfy { $0.hasPrefix("100755") })
            try await project.git("reset", "-q", "--hard")
            try await run(project, "init", "--yes", "--no-stage").check()
            #expect(try await project.git("diff", "--cached", "--name-only").output == "")
        }
    }

    /// A terminal of `script` answers the question.
    @Test(.enabled(if: Requirements.tools("script")), arguments: [("y", true), ("n", false), ("", false)])
    func aTerminalIsAsked(answer: String, isWritten: Bool) async throws {
        try await with { project in
            let program = Sandbox.products.appending("cache-image").string
            let result = try await project.sandbox.run(
                "script", ["-qec", "'\(program)' init", "/dev/null"], in: project.folder,
                input: Array("\(answer)\n".utf8))
            #expect(try result.check().output.contains("Write this? [y/N]"), "\(result)")
            #expect(project.exists("cache-image.yml") == isWritten)
        }
    }
}
