import Foundation
import Git
import Hashing
import JSON
import OCI
import SystemCalls
import SystemPackage
import TestSupport

@testable import Context
@testable import DockerfileRecipe
@testable import Records

/// A project in a sandbox: a folder, as a rule a Git repository, with a Dockerfile.
struct Project {
    let sandbox: Sandbox
    let folder: String
    var isRepository = true

    static func with<Result>(
        _ files: [String: String], dockerfile: String = "FROM scratch\nCOPY . /app/\n", git: Bool = true,
        _ body: (Project) async throws -> Result
    ) async throws -> Result {
        try await Sandbox.with { sandbox in
            let project = Project(sandbox: sandbox, folder: "project", isRepository: git)
            try project.write("Dockerfile", dockerfile)
            for (name, text) in files { try project.write(name, text) }
            if git {
                try await project.git("init", "-q")
                try await project.commit()
            }
            return try await body(project)
        }
    }

    var root: FilePath { sandbox.path(folder) }

    func write(_ path: String, _ text: String, permissions: Int = 0o644) throws {
        try sandbox.write(folder + "/" + path, text, permissions: permissions)
    }

    func write(_ path: String, bytes: [UInt8]) throws {
        try sandbox.write(folder + "/" + path, bytes: bytes)
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: root.string + "/" + path)
    }

    func link(_ path: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: root.string + "/" + path)
        try FileManager.default.createSymbolicLink(atPath: root.string + "/" + path, withDestinationPath: target)
    }

    func chmod(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: root.string + "/" + path)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> CommandResult { try await git(arguments) }

    @discardableResult
    func git(_ arguments: [String]) async throws -> CommandResult {
        try await sandbox.run("git", arguments, in: folder).check()
    }

    func commit(_ message: String = "Change") async throws {
        // An old index lets Git read files whose size and second of change are those that it knows.
        let index = root.string + "/.git/index"
        if FileManager.default.fileExists(atPath: index) {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: index)
        }
        try await git("add", "-A")
        try await git("commit", "-q", "--allow-empty", "-m", message)
        // Git's stat data prove nothing about files as young as the index.
        try settle()
    }

    /// Makes the index younger than all files, as it is some time after a commit.
    func settle() throws {
        let index = root.string + "/.git/index"
        let later = Date().addingTimeInterval(60)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: index)
    }

    func request() throws -> ImageRequest {
        var request = ImageRequest(
            image: try ImageName("demo:latest"), dockerfile: root.appending("Dockerfile"), context: root, root: root,
            platform: .linuxAMD64)
        request.cacheFolder = root.appending("docker-cache")
        return request
    }

    func repository() throws -> Repository? {
        isRepository ? try Repository.discover(from: root, environment: sandbox.environment) : nil
    }

    /// The caches of the project, in the Git folder.
    var caches: InputCaches {
        InputCaches(
            stat: root.appending(".git/cache-image/stat"), memo: root.appending(".git/cache-image/memo"),
            records: [root.appending("docker-cache/demo-latest.inputs.json")])
    }

    func inputs(
        lock: BaseLock = BaseLock(), caches: InputCaches = InputCaches(),
        _ change: (inout ImageRequest) -> Void = { _ in }
    ) throws -> ImageInputs {
        try image(lock: lock, caches: caches, change).inputs
    }

    func image(
        lock: BaseLock = BaseLock(), caches: InputCaches = InputCaches(),
        _ change: (inout ImageRequest) -> Void = { _ in }
    ) throws -> DockerfileImage {
        var request = try request()
        change(&request)
        return try DockerfileImage.compute(request, repository: repository(), lock: lock, caches: caches)
    }

    func key(_ change: (inout ImageRequest) -> Void = { _ in }) throws -> String {
        try inputs(change).key.hexadecimal
    }

    func stage(
        _ image: DockerfileImage, object: (SHA256Digest) -> FilePath? = { _ in nil }
    ) throws -> CanonicalContext {
        try FileManager.default.createDirectory(
            atPath: sandbox.path("stage").string, withIntermediateDirectories: true)
        return try CanonicalContext.stage(image, in: sandbox.path("stage"), object: object)
    }
}

extension ImageInputs {
    /// The paths of all files that count.
    var paths: [String] { files.map(\.path.description) }
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
