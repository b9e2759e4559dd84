import Foundation
import Git
import Hashing
import OCI
import SystemPackage
import TestSupport

@testable import Context
@testable import OSRecipe
@testable import Records

/// A project in a sandbox with a template: a folder, as a rule a Git repository.
struct OSProject {
    /// A template that names a file and a list of packages.
    static let template = """
        image: {name: edge, version: "1.0"}
        target: {os: debian, dist: bookworm, arch: x86_64, imageType: raw}
        extends: base.yml
        systemConfig:
          packages: [curl, nano]
          additionalFiles:
            - {local: ../files/motd, final: /etc/motd}
          users:
            - {name: admin, password: opensesame}
        """

    /// The files of the project.
    static let files = [
        "os/edge.yml": template, "os/base.yml": "systemConfig:\n  hostname: edge\n", "files/motd": "hello\n",
        "os/edge.lock.json": lock(["curl": "7.88", "nano": "7.2"]), "src/unrelated": "1",
    ]

    /// A lock file of packages in these versions.
    static func lock(_ packages: [String: String]) -> String {
        let lines = packages.sorted { $0.key < $1.key }.map { name, version in
            let digest = SHA256Digest(of: "\(name) \(version)".utf8).hexadecimal
            return """
                {"name":"\(name)","version":"\(version)","architecture":"amd64","sha256":"\(digest)","base":false}
                """
        }
        return """
            {"version":1,"provider":"debian-bookworm-amd64","indexes":[],"packages":[\(lines.joined(separator: ",\n"))]}\n
            """
    }

    let sandbox: Sandbox
    let isRepository: Bool

    static func with<Result>(
        _ changes: [String: String?] = [:], git: Bool = true, _ body: (OSProject) async throws -> Result
    ) async throws -> Result {
        try await Sandbox.with { sandbox in
            let project = OSProject(sandbox: sandbox, isRepository: git)
            for (name, text) in changes.merging(files.mapValues { $0 }, uniquingKeysWith: { first, _ in first }) {
                if let text { try project.write(name, text) }
            }
            if git {
                try await sandbox.run("git", ["init", "-q"], in: "project").check()
                try await project.commit()
            }
            return try await body(project)
        }
    }

    var root: FilePath { sandbox.path("project") }

    func write(_ path: String, _ text: String) throws { try sandbox.write("project/" + path, text) }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: root.string + "/" + path)
    }

    func commit() async throws {
        try await sandbox.run("git", ["add", "-A"], in: "project").check()
        try await sandbox.run("git", ["commit", "-q", "--allow-empty", "-m", "Change"], in: "project").check()
        // Git's stat data prove nothing about files as young as the index.
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(60)], ofItemAtPath: root.string + "/.git/index")
    }

    func request() throws -> ImageRequest {
        var request = ImageRequest(
            image: try ImageName("edge:latest"), dockerfile: root.appending("os/edge.yml"), context: root, root: root,
            platform: .linuxAMD64)
        request.cacheFolder = root.appending("docker-cache")
        if !isRepository { request.contextFiles = .worktree }
        return request
    }

    func repository() throws -> Repository? {
        isRepository ? try Repository.discover(from: root, environment: sandbox.environment) : nil
    }

    func image(
        caches: InputCaches = InputCaches(), _ change: (inout ImageRequest) -> Void = { _ in }
    ) throws -> OSImage {
        var request = try request()
        change(&request)
        return try OSImage.compute(request, repository: repository(), caches: caches)
    }

    func stage(_ image: OSImage) throws -> StagedTemplate {
        try FileManager.default.createDirectory(
            atPath: sandbox.path("stage").string, withIntermediateDirectories: true)
        return try StagedTemplate.stage(image, in: sandbox.path("stage")) { _ in nil }
    }
}

/// The error that a computation ends in; nil where it succeeds.
func inputsError(_ body: () throws -> Void) -> InputsError? {
    do {
        try body()
        return nil
    } catch {
        return error as? InputsError
    }
}
