import Foundation
import JSON
import SystemPackage
import TestSupport
import Testing

/// A small project in a repository of its own, with podman stores of its own, for the built programs to work on.
final class Project: Sendable {
    let sandbox: Sandbox
    /// The repository's folder, relative to the sandbox.
    let folder: String

    init(_ sandbox: Sandbox, folder: String = "project") {
        self.sandbox = sandbox
        self.folder = folder
    }

    static let dockerfile = """
        FROM scratch AS base
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]

        FROM base AS test
        WORKDIR /app
        COPY requirements.txt ./
        RUN cp requirements.txt installed.txt
        COPY src/ ./src/
        ARG FLAVOUR=plain
        ENV FLAVOUR=$FLAVOUR
        CMD ["/bin/sh", "-c", "cat src/main.txt"]

        """

    static let configuration = """
        engine: podman
        images:
          demo:
            type: test
            target: test
        tests:
          levels:
            unit:
              command: [sh, -c, "cat src/main.txt installed.txt"]
              network: none
            fail:
              command: [sh, -c, "exit 7"]
              network: none

        """

    /// Makes a project and runs `body` with it; the stores are taken down afterwards.
    static func with(isRepository: Bool = true, _ body: (Project) async throws -> Void) async throws {
        try await Sandbox.with { sandbox in
            let project = Project(sandbox)
            try project.write("Dockerfile", dockerfile)
            try project.write("cache-image.yml", configuration)
            try project.write("requirements.txt", "one\n")
            try project.write("src/main.txt", "hello\n")
            let busybox = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox")))
            try sandbox.write("project/busybox", bytes: busybox, permissions: 0o755)
            if isRepository {
                try await project.git("init", "-q")
                try await project.commit("Start")
            }
            do {
                try await body(project)
                await project.unmount()
            } catch {
                await project.unmount()
                throw error
            }
        }
    }

    private func unmount() async {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        let below = mounts.split(separator: "\n").map { $0.split(separator: " ")[1] }
            .filter { $0.hasPrefix(sandbox.root.string + "/") }
        for target in below.sorted().reversed() { _ = try? await sandbox.run("umount", ["-l", String(target)]) }
    }

    /// The variables that give podman and buildah a store of their own.
    func storeVariables(_ store: String) throws -> [String: String?] {
        let root = sandbox.path("store-" + store)
        let file = "store-\(store)/storage.conf"
        if !FileManager.default.fileExists(atPath: sandbox.path(file).string) {
            try sandbox.write(
                file, "[storage]\ndriver = \"overlay\"\ngraphroot = \"\(root)/graph\"\nrunroot = \"\(root)/run\"\n")
        }
        return ["CONTAINERS_STORAGE_CONF": sandbox.path(file).string]
    }

    func write(_ path: String, _ text: String, permissions: Int = 0o644) throws {
        try sandbox.write("\(folder)/\(path)", text, permissions: permissions)
    }

    func path(_ relative: String) -> FilePath { sandbox.path("\(folder)/\(relative)") }

    func exists(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative).string) }

    /// Runs `cache-image` in the project.
    func cacheImage(
        _ arguments: String..., store: String = "a", in subfolder: String = "", environment: [String: String?] = [:]
    ) async throws -> CommandResult {
        try await sandbox.run(
            "cache-image", arguments, in: subfolder.isEmpty ? folder : "\(folder)/\(subfolder)",
            environment: try storeVariables(store).merging(environment) { $1 })
    }

    /// Runs `run-tests` in the project.
    func runTests(
        _ arguments: String..., store: String = "a", in subfolder: String = "", input: [UInt8] = [],
        environment: [String: String?] = [:]
    ) async throws -> CommandResult {
        try await sandbox.run(
            "run-tests", arguments, in: subfolder.isEmpty ? folder : "\(folder)/\(subfolder)", input: input,
            environment: try storeVariables(store).merging(environment) { $1 })
    }

    /// Runs podman with one of the project's stores.
    func podman(_ arguments: String..., store: String = "a") async throws -> CommandResult {
        try await sandbox.run("podman", arguments, in: folder, environment: try storeVariables(store))
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> CommandResult {
        try await sandbox.run("git", arguments, in: folder).check()
    }

    func commit(_ message: String) async throws {
        try await git("add", "-A")
        try await git("commit", "-q", "--allow-empty", "-m", message)
    }

    /// What `git status` has to say.
    func gitStatus() async throws -> String {
        try await git("status", "--porcelain").output
    }

    /// The words of the one line that `build`, `save`, `load` and `update` print.
    static func words(_ result: CommandResult) -> [String] {
        (result.lines.last ?? "").split(separator: " ").map(String.init)
    }

    /// The ID of the image that a store holds under a name; empty where it holds none.
    func imageID(_ name: String = "localhost/demo:latest", store: String = "a") async throws -> String {
        try await podman("image", "inspect", "--format", "{{.Id}}", name, store: store).lines.first ?? ""
    }
}

extension Tag {
    /// Needs a real container engine.
    @Tag static var engine: Self
    /// Takes more than a few seconds.
    @Tag static var slow: Self
}
