import Foundation
import JSON
import TestSupport
import Testing

/// `clean --engine-images`: images of older keys, and no others.
@Suite(.enabled(if: Requirements.tools("podman", "git")), .tags(.engine, .slow))
struct EngineImagesTests {
    @Test func onlyOurImagesOfOlderKeysGo() async throws {
        try await Project.with { project in
            func build(_ text: String) async throws -> String {
                try project.write("requirements.txt", text)
                try await project.cacheImage("update").check()
                return try await project.imageID()
            }
            let old = try await build("1\n")
            let tagged = try await build("2\n")
            try await project.podman("tag", tagged, "localhost/mine:1").check()
            let used = try await build("3\n")
            try await project.podman("create", "--name", "c", used, "true").check()
            let present = try await build("4\n")
            let strange =
                try await project.podman("build", "-q", "-t", "localhost/strange:1", "--target", "base", ".")
                .check().lines.last ?? ""
            try await project.podman("untag", strange).check()

            let dry = try await project.cacheImage("clean", "--engine-images", "--dry-run").check()
            #expect(
                dry.output == "would remove image \(old.prefix(12)): it is of an older key, without a name\n", "\(dry)")
            let done = try await project.cacheImage("clean", "--engine-images").check()
            #expect(
                done.output == "removed image \(old.prefix(12)): it is of an older key, without a name\n", "\(done)")
            for (id, isThere) in [(old, false), (tagged, true), (used, true), (present, true), (strange, true)] {
                #expect(try await (project.podman("image", "exists", id).status == 0) == isThere, "\(id)")
            }
            // Without the flag the engine is not asked.
            try await project.podman("rm", "c").check()
            #expect(try await project.cacheImage("clean", "--dry-run").check().output == "")
            #expect(try await project.cacheImage("clean", "--engine-images").check().output.contains(used.prefix(12)))
            #expect(try await project.cacheImage("update").check().output.hasPrefix("current"))
        }
    }
}

/// The same with each engine: `--dry-run` says what then happens, and what something else needs stays.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .tags(.engine, .slow),
    .enabled(if: Requirements.tools("git", "podman", "buildah", "docker", "dockerd")))
struct EveryEnginesImagesTests {
    /// Writes a project on a base image that no registry has.
    private func start(_ machine: Machine) async throws {
        let sandbox = machine.sandbox
        let busybox = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox")))
        try sandbox.write("base/busybox", bytes: busybox, permissions: 0o755)
        try sandbox.write("base/Dockerfile", "FROM scratch\nCOPY busybox /bin/busybox\n")
        try sandbox.write("base/cache-image.yml", "images: {localhost/base: {tag: \"1\", cache: false}}\n")
        try machine.write("Dockerfile", "FROM localhost/base:1\nCOPY app /app\nCMD [\"/bin/busybox\"]\n")
        try machine.write("child/Dockerfile", "FROM \(name(machine))\nCOPY more /more\n")
        try machine.write("child/more", "more\n")
        try machine.write("cache-image.yml", "images: {demo: {}}\n")
        try await machine.run("git", ["init", "-q"]).check()
        let program = Sandbox.products.appending("cache-image").string
        try await machine.run("sh", ["-ec", "cd ../base && '\(program)' --config cache-image.yml update"]).check()
    }

    private func name(_ machine: Machine) -> String {
        machine.builder.engine == "docker" ? "demo:latest" : "localhost/demo:latest"
    }

    /// Builds a version; its image's ID.
    private func build(_ text: String, on machine: Machine) async throws -> String {
        try machine.write("app", text + "\n")
        try await machine.cacheImage("update").check()
        return try String(#require(try machine.record()["provenance"]?["imageID"]?.string).dropFirst("sha256:".count))
    }

    @Test(arguments: Machine.Builder.allCases)
    func whatIsNeededStays(_ builder: Machine.Builder) async throws {
        try await Machine.with(builder, ["a"]) { machines in
            let machine = machines[0]
            try await start(machine)
            let old = try await build("1", on: machine)
            let tagged = try await build("2", on: machine)
            try await machine.engine("tag", tagged, "localhost/mine:1").check()
            let used = try await build("3", on: machine)
            let make = builder == .buildah ? ["from", "--pull-never", used] : ["create", used, "/bin/busybox"]
            try await machine.run(builder.engine, make).check()
            let parent = try await build("4", on: machine)
            // A client of docker that is not told takes the legacy builder, whose images name what they grew from.
            let builds = ["DOCKER_BUILDKIT=\(builder == .buildKit ? 1 : 0)", builder.engine, "build", "-t"]
            try await machine.run(
                "env",
                builds + ["localhost/child:1"] + (builder.engine == "docker" ? [] : ["--format", "docker"]) + ["child"]
            ).check()
            let present = try await build("5", on: machine)

            func clean(_ words: String...) async throws -> [String] {
                try await machine.run("cache-image", ["clean", "--engine-images"] + words).check().lines
            }
            let dry = try await clean("--dry-run")
            let done = try await clean()
            #expect(dry == done.map { "would remove" + $0.dropFirst("removed".count) }, "\(dry) \(done)")
            #expect(done.contains { $0.hasPrefix("removed image \(old.prefix(12)): ") }, "\(done)")
            func isThere(_ id: String) async throws -> Bool {
                try await machine.engine("inspect", "--type", "image", id).status == 0
            }
            #expect(try await !isThere(old))
            for id in [tagged, used, present] { #expect(try await isThere(id), "\(id)") }
            #expect(try await isThere("localhost/child:1"))
            // BuildKit makes an image of its own.
            #expect(try await isThere(parent) == (builder != .buildKit), "\(parent) \(done)")
            #expect(try await clean() == [])
            #expect(try await machine.cacheImage("update").check().output.hasPrefix("current"))
        }
    }
}
