import Foundation
import JSON
import SystemPackage
import TestSupport

/// The project that machines of a team build.
extension Machine {
    private static let base = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]

        """

    /// Makes the project on this machine, with its base image, builds and commits it.
    func start(dockerfile: String, steps: String = "final") async throws -> JSONValue {
        let busybox = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox")))
        try sandbox.write("base/busybox", bytes: busybox, permissions: 0o755)
        try sandbox.write("base/Dockerfile", Self.base)
        try sandbox.write("base/cache-image.yml", "images: {localhost/base: {tag: \"1\", cache: false}}\n")
        try write("Dockerfile", dockerfile)
        try write("deps", "one\n")
        try write("app", "first\n")
        try write("cache-image.yml", "images: {demo: {steps: \(steps)}}\n")
        try await run("git", ["init", "-q"]).check()
        // A base image that no registry has, made by the program itself, which knows what builds need here.
        let program = Sandbox.products.appending("cache-image").string
        try await run("sh", ["-ec", "cd ../base && '\(program)' --config cache-image.yml update"]).check()
        let made = try await make()
        try await commit()
        return made
    }

    func commit() async throws {
        try await run("git", ["add", "-A"]).check()
        try await run("git", ["commit", "-q", "-m", "Build"]).check()
    }

    /// Clones the project to another machine.
    func clone(to second: Machine) async throws {
        try await sandbox.run("git", ["clone", "-q", name, second.name]).check()
        try await second.handOver(["Dockerfile", "deps", "app"])
    }
}
