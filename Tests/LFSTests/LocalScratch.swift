import Foundation
import Git
import JSON
import LFS
import SystemCalls
import SystemPackage
import TestSupport
import Testing

extension Sandbox {
    /// Runs git in a folder and expects success.
    @discardableResult
    func git(_ arguments: String..., in folder: String = "repo", input: [UInt8] = []) async throws -> CommandResult {
        try await run("git", arguments, in: folder, input: input).check()
    }

    /// Makes a repository `repo` with LFS-tracked `*.tar` and no filter configured.
    func makeLFSRepository() async throws {
        try await git("init", "-q", "repo", in: "")
        try write("repo/.gitattributes", "*.tar filter=lfs diff=lfs merge=binary -text\n")
        try await git("add", "-A")
        try await git("commit", "-qm", "first")
    }

    /// Opens the repository of a folder with the sandbox's environment.
    func openRepository(_ folder: String = "repo", environment extra: [String: String] = [:]) throws -> Repository {
        let repository = try Repository.discover(
            from: path(folder), environment: environment.merging(extra) { $1 })
        guard let repository else { throw GitError(.notFound, "open", folder, "no repository") }
        return repository
    }

    /// Puts bytes into a repository's store.
    func store(_ bytes: [UInt8], in folder: String = "repo") throws -> Pointer {
        let writer = try ObjectWriter(try ObjectStore(openRepository(folder)))
        try bytes.withUnsafeBytes { try writer.write($0) }
        return try writer.finish()
    }
}
