import Engines
import Foundation
import OCI
import SystemPackage
import TestSupport
import Testing

/// Engines with stores of their own below a sandbox, and a small image to build with them.
final class EngineFixture: Sendable {
    let sandbox: Sandbox

    private init(_ sandbox: Sandbox) {
        self.sandbox = sandbox
    }

    /// Makes a sandbox with the context of a small image, runs `body` and takes down what the stores mounted.
    static func with<Result>(_ body: (EngineFixture) async throws -> Result) async throws -> Result {
        try await Sandbox.withStores { try await body(EngineFixture($0)) }
    }

    /// The environment of podman or buildah with the store of that name.
    func environment(store: String) throws -> [String: String] {
        let (folder, variables) = try sandbox.store(store)
        var environment = sandbox.environment.merging(variables) { $1 }
        try FileManager.default.createDirectory(atPath: folder.string + "/tmp", withIntermediateDirectories: true)
        environment["TMPDIR"] = folder.string + "/tmp"
        return environment
    }

    /// podman or buildah with a store of its own.
    func engine(_ dialect: Dialect, store: String) throws -> Engine {
        let environment = try environment(store: store)
        return try Self.engine(dialect, environment: environment)
    }

    /// An engine that nobody asked whether it answers.
    static func engine(_ dialect: Dialect, environment: [String: String]) throws -> Engine {
        let program = Sandbox.find(dialect.name, in: environment["PATH"] ?? "")
        return Engine(dialect, executable: program, environment: environment)
    }

    /// Removes an image with all its names.
    func remove(_ id: String, from engine: Engine) async throws {
        let variables = engine.environment.mapValues { Optional($0) }
        try await sandbox.run(engine.executable.string, ["rmi", "--force", id], environment: variables).check()
    }

    /// Writes `small.tar`, a docker-archive of one layer with a small file, which no engine has to make.
    static func smallArchive(in sandbox: Sandbox) async throws {
        try sandbox.write("a", "1")
        try await sandbox.run("tar", ["cf", "layer.tar", "a"]).check()
        let digest = try await sandbox.run("sha256sum", ["layer.tar"]).check().output.prefix(64)
        let roots = #""rootfs":{"type":"layers","diff_ids":["sha256:\#(digest)"]}"#
        try sandbox.write("config.json", #"{"architecture":"amd64","os":"linux","config":{},\#(roots)}"#)
        try sandbox.write(
            "manifest.json", #"[{"Config":"config.json","RepoTags":["tiny:1"],"Layers":["layer.tar"]}]"#)
        try await sandbox.run("tar", ["cf", "small.tar", "manifest.json", "config.json", "layer.tar"]).check()
    }

    /// Copies what an image needs to run anything: busybox, and a few files.
    func context(_ name: String) throws -> FilePath {
        let manager = FileManager.default
        let folder = sandbox.path(name)
        try manager.createDirectory(atPath: folder.string + "/data", withIntermediateDirectories: true)
        try manager.copyItem(atPath: "/bin/busybox", toPath: folder.string + "/busybox")
        try Data("hello\n".utf8).write(to: URL(fileURLWithPath: folder.string + "/data/hello"))
        for path in ["", "/data", "/data/hello", "/busybox"] {
            let isPlain = path.hasSuffix("hello")
            try manager.setAttributes(
                [
                    .modificationDate: Date(timeIntervalSince1970: 315_532_800),
                    .posixPermissions: isPlain ? 0o644 : 0o755,
                ],
                ofItemAtPath: folder.string + path)
        }
        return folder
    }

    static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        COPY data /data
        ENV GREETING=hello
        HEALTHCHECK --interval=5s CMD true
        ONBUILD RUN true
        CMD ["/bin/sh", "-c", "echo $GREETING"]

        """

    func request(_ name: String, context: FilePath, dockerfile: String = EngineFixture.dockerfile) throws
        -> BuildRequest
    {
        BuildRequest(
            context: context, dockerfile: Array(dockerfile.utf8), name: try ImageName(name), scratch: sandbox.root)
    }

    /// Runs `body` with a Docker daemon of its own, and stops it by its pid.
    func withDocker<Result>(_ body: ([String: String]) async throws -> Result) async throws -> Result {
        try await sandbox.withDocker { try await body($0) }
    }

    /// A docker client: the one that brings BuildKit, or one that has only the legacy builder.
    func docker(_ environment: [String: String], legacy: Bool = false) throws -> Engine {
        var environment = environment
        if legacy { environment["DOCKER_BUILDKIT"] = "0" }
        for folder in (environment["PATH"] ?? "").split(separator: ":") where !legacy {
            // The client of Debian, 20.10, brings BuildKit itself.
            let version = "\(folder)/docker"
            if folder == "/usr/bin", FileManager.default.isExecutableFile(atPath: version) {
                return Engine(.docker, executable: FilePath(version), environment: environment)
            }
        }
        return try Self.engine(.docker, environment: environment)
    }
}
