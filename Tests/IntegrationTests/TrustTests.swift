import Foundation
import SystemPackage
import TestSupport
import Testing

/// What a configuration wants of the machine is asked about once.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine)) struct TrustTests {
    private static let script = "./host.sh"

    /// A project with a level on the host.
    private static func with(_ body: (Project) async throws -> Void) async throws {
        try await Project.with(isRepository: false) { project in
            try project.write("Dockerfile", "FROM scratch\nCOPY src /src\n")
            try configure(project, "[\(script)]")
            try project.write("host.sh", "#!/bin/sh\necho ran\n", permissions: 0o755)
            try await project.git("init", "-q")
            try await project.commit("Start")
            try await body(project)
        }
    }

    private static func configure(_ project: Project, _ command: String, image: String = "demo: {}") throws {
        try project.write(
            "cache-image.yml",
            "engine: podman\nimages:\n  \(image)\ntests:\n  levels:\n    host:\n      on: host\n      command: \(command)\n"
        )
    }

    @Test func aCommandOnThisMachineRunsOnceItIsTrusted() async throws {
        try await Self.with { project in
            let refused = try await project.runTests("host").check(125)
            #expect(refused.error.contains("cache-image.yml:7: tests.levels.host runs a command on this machine"))
            #expect(refused.error.contains("command: [\"./host.sh\"]") && refused.error.contains("--trust"))
            // It is asked before anything is built.
            #expect(refused.output.isEmpty && !project.exists("docker-cache"))
            let once = try await project.runTests("host", environment: ["CACHE_IMAGE_TRUST": "1"]).check()
            #expect(once.output == "ran\n")
            try await project.runTests("-q", "host").check(125)
            #expect(try await project.runTests("--trust", "host").check().output == "ran\n")
            #expect(try await project.runTests("-q", "host").check().error == "")
            // All worktrees of a clone, and no other clone.
            try await project.commit("Entry")
            try await project.git("worktree", "add", "-q", "../tree")
            try await project.sandbox.run("git", ["clone", "-q", "project", "clone"]).check()
            for (folder, status) in [("tree", 0), ("clone", 125)] {
                let run = try await project.sandbox.run(
                    "run-tests", ["host"], in: folder, environment: try project.storeVariables("a"))
                #expect(run.status == status, "\(folder): \(run.error)")
            }
        }
    }

    @Test func changedValuesAreAskedAboutAgain() async throws {
        try await Self.with { project in
            try await project.runTests("--trust", "host").check()
            try Self.configure(project, "[./host.sh, \"\\e[2K\\n\"]")
            let changed = try await project.runTests("host").check(125)
            #expect(changed.error.contains("it was trusted before, and has changed"))
            #expect(changed.error.contains("  - command: [\"./host.sh\"]\n"))
            #expect(changed.error.contains("  + command: [\"./host.sh\", \""))
            #expect(!changed.error.contains("\u{1B}"))
            let list = try await project.cacheImage("trust", "--list").check().output
            #expect(list.hasPrefix("changed tests.levels.host\n"))
            try await project.cacheImage("trust").check()
            #expect(
                try await project.cacheImage("trust", "--list").check().output.hasPrefix("trusted tests.levels.host\n"))
            try await project.runTests("host").check()
            try await project.cacheImage("trust", "--revoke").check()
            let new = try await project.cacheImage("trust", "--list", "--json").check().output
            #expect(new.contains("\"state\": \"new\""))
            try await project.runTests("host").check(125)
            try await project.cacheImage("trust", "--list", "--revoke").check(2)
        }
    }

    @Test(.enabled(if: Requirements.tools("script"))) func atATerminalTheAnswerCounts() async throws {
        try await Self.with { project in
            let program = Sandbox.products.appending("run-tests").string
            for (answer, status) in [("n", 125), ("", 125), ("y", 0)] {
                let run = try await project.sandbox.run(
                    "script", ["-qec", "\(program) host", "/dev/null"], in: project.folder,
                    input: Array("\(answer)\n".utf8),
                    environment: try project.storeVariables("a"))
                #expect(run.status == status, "\(answer): \(run.output)")
                #expect(run.output.contains("Do you trust this in this clone? [y/N]"))
            }
            #expect(try await project.runTests("host").check().output == "ran\n")
        }
    }

    @Test func theNameOfAPulledImageIsNotTakenUnasked() async throws {
        try await Self.with { project in
            // As after `podman pull debian`: the name has a registry.
            try project.write("Dockerfile", "FROM scratch\nCOPY host.sh /\n")
            for name in ["docker.io/library/debian:bookworm", "localhost/mine:latest"] {
                try await project.podman("build", "-q", "-t", name, ".").check()
            }
            let foreign = try await project.imageID("docker.io/library/debian:bookworm")
            try Self.configure(project, "[a]", image: "debian: {tag: bookworm}")
            for command in ["update", "build"] {
                let result = try await project.cacheImage(command).check(2)
                #expect(result.error.contains("takes the name of an image that was pulled"), "\(result.error)")
                #expect(try await project.imageID("docker.io/library/debian:bookworm") == foreign)
                #expect(try await project.imageID("localhost/debian:bookworm").isEmpty)
            }
            try await project.cacheImage("update", "-q", "--trust").check()
            #expect(try await project.imageID("localhost/debian:bookworm") != "")
            // A name of this machine moves, and the old image is named.
            let before = try await project.imageID("localhost/mine:latest")
            try project.write("Dockerfile", "FROM scratch\nCOPY src /src\nLABEL a=b\n")
            try Self.configure(project, "[a]", image: "mine: {}")
            let moved = try await project.cacheImage("update").check()
            #expect(moved.error.contains("mine:latest was \(before.prefix(12)) in podman until now"), "\(moved.error)")
        }
    }

    @Test func anImageUnderARegistrysNameIsNotLoadedUnasked() async throws {
        try await Self.with { project in
            try Self.configure(project, "[a]", image: "docker.io/library/debian: {tag: bookworm}")
            for command in ["load", "update", "build"] {
                let refused = try await project.cacheImage(command).check(2)
                #expect(
                    refused.error.contains("cache-image.yml:3: images.docker.io/library/debian"), "\(refused.error)")
            }
            // Reading commands ask nothing.
            for command in ["status", "list", "inputs", "explain"] { try await project.cacheImage(command).check() }
            try await project.cacheImage("update", "-q", "--trust").check()
            try await project.commit("Entry")
            try await project.cacheImage("load", "-q", store: "b").check()
        }
    }

    @Test func optionsOfABuildAreAskedAboutWhereItIsBuilt() async throws {
        try await Self.with { project in
            try Self.configure(project, "[a]", image: "demo: {buildOptions: [-v, '/:/host']}")
            let refused = try await project.cacheImage("update").check(2)
            #expect(refused.error.contains("images.demo builds with -v /, which is not of this work tree"))
            #expect(!project.exists("docker-cache/demo-latest.tar"))
            try await project.cacheImage("update", "-q", "--trust").check()
            try await project.cacheImage("trust", "--revoke").check()
            // A hit builds nothing.
            try await project.cacheImage("update", "-q").check()
            try await project.cacheImage("build", "-q").check(2)
        }
    }

    @Test func pathsOutsideOfTheWorkTreeAreRefused() async throws {
        try await Self.with { project in
            try project.sandbox.write("home/secret", "TOPSECRET")
            try project.write(".git/inside/a", "a")
            try await StrangerTests.link(project, "togit", to: ".git/inside")
            for (key, place) in [
                ("context: '../home'", "cache-image.yml:3"), ("context: .git", "cache-image.yml:3"),
                ("context: togit", "it is a link into Git's own folder"),
                ("dockerfile: ../home/secret", "cache-image.yml:3"),
                ("tag: x", "cannot write to docker-cache: it is a link into Git's own folder"),
            ] {
                if key == "tag: x" { try await StrangerTests.link(project, "docker-cache", to: ".git/inside") }
                try Self.configure(project, "[a]", image: "demo: {\(key)}")
                let refused = try await project.cacheImage("update").check(2)
                #expect(refused.error.contains(place), "\(key): \(refused.error)")
                #expect(!refused.error.contains("TOPSECRET"))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: project.path(".git/inside").string)
            #expect(names == ["a"])
        }
    }
}
