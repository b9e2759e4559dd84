extension Sandbox {
    /// Writes `image.tar`, a docker-archive of `demo:latest` whose one layer holds a file of the sandbox as it is now.
    public func writeArchive(of path: String) async throws {
        try await run("tar", ["cf", "layer.tar", path]).check()
        let digest = try await run("sha256sum", ["layer.tar"]).check().output.prefix(64)
        try write(
            "config.json",
            #"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:\#(digest)"]}}"#
        )
        try write(
            "manifest.json", #"[{"Config":"config.json","RepoTags":["demo:latest"],"Layers":["layer.tar"]}]"#)
        try await run("tar", ["cf", "image.tar", "manifest.json", "config.json", "layer.tar"]).check()
    }
}
