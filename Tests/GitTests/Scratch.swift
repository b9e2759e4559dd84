import Git
import SystemCalls
import SystemPackage
import TestSupport

extension Sandbox {
    /// Runs git in a folder and expects success.
    @discardableResult
    func git(_ arguments: String..., in folder: String = "repo", input: [UInt8] = []) async throws -> CommandResult {
        try await run("git", arguments, in: folder, input: input).check()
    }

    /// Makes a repository `repo` with the given files committed.
    func makeRepository(_ files: [String: String] = [:]) async throws {
        try await git("init", "-q", "repo", in: "")
        for (path, text) in files { try write("repo/" + path, text) }
        try await git("add", "-A")
        try await git("commit", "-qm", "first", "--allow-empty")
    }

    /// Opens the repository of a folder with the sandbox's environment.
    func open(_ folder: String = "repo", environment extra: [String: String] = [:]) throws -> Repository {
        let repository = try Repository.discover(
            from: path(folder), environment: environment.merging(extra) { $1 })
        guard let repository else { throw GitError(.notFound, "open", folder, "no repository") }
        return repository
    }
}
