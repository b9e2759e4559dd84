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
        try await sandbox.run("tar", ["cf", "layer.tar", "a"]).check()
        let digest = try await sandbox.run("sha256sum", ["layer.tar"]).check().output.prefix(64)
        try sandbox.write(
            "config.json",
            #"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:\#(digest)"]}}"#
        )
        try sandbox.write(
            "manifest.json", #"[{"Config":"config.json","RepoTags":["demo:latest"],"Layers":["layer.tar"]}]"#)
        try await sandbox.run("tar", ["cf", "image.tar", "manifest.json", "config.json", "layer.tar"]).check()
    }

    /// Imports `image.tar`.
    @discardableResult
    func `import`() async throws -> CommandResult {
        try await sandbox.run("cache-image", ["import", "image.tar", "demo"]).check()
    }
}
