import SystemPackage
import TestSupport

/// A repository whose image `demo` is imported from a small archive, so that no engine is needed.
struct ImportedProject {
    let sandbox: Sandbox

    /// Makes the repository; nothing is imported yet.
    init(_ sandbox: Sandbox) async throws {
        self.sandbox = sandbox
        try sandbox.write("Dockerfile", "FROM scratch\nCOPY a /\n")
        try sandbox.write("a", "1")
        try sandbox.write("cache-image.yml", "images: {demo: {platform: linux/amd64}}\n")
        try await sandbox.run("git", ["init", "-q"]).check()
    }

    /// Writes `image.tar`, a docker-archive whose one layer holds the file `a` as it is now.
    func archive() async throws {
        try await sandbox.writeArchive(of: "a")
    }

    /// Imports `image.tar`.
    @discardableResult
    func `import`() async throws -> CommandResult {
        try await sandbox.run("cache-image", ["import", "image.tar", "demo"]).check()
    }
}
