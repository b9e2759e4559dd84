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

/// The rows of the shared vectors.
struct PointerVector: Sendable, CustomTestStringConvertible {
    let id: String
    let bytes: [UInt8]
    let verdict: String
    let clean: String
    let smudge: String
    let smudgeStatus: Int64
    let skip: String
    var testDescription: String { id }

    static let all: [PointerVector] = (try? load()) ?? []
    static let object: [UInt8] = (try? loadObject()) ?? []

    private static func document() throws -> JSONValue? {
        guard let folder = Requirements.vectors, let bytes = try Files.read(folder.appending("lfs.json")) else {
            return nil
        }
        return try JSONValue(parsing: bytes)
    }

    private static func loadObject() throws -> [UInt8] {
        base64(try document()?["store_object"]?["content_b64"]?.string ?? "")
    }

    private static func load() throws -> [PointerVector] {
        (try document()?["pointers"]?.array ?? []).map { row in
            let observed = row["observed_git_lfs_3_3_0"]
            return PointerVector(
                id: row["id"]?.string ?? "", bytes: base64(row["bytes_b64"]?.string ?? ""),
                verdict: row["verdict"]?.string ?? "", clean: observed?["clean_output"]?.string ?? "",
                smudge: observed?["smudge_output"]?.string ?? "", smudgeStatus: observed?["smudge_exit"]?.integer ?? 0,
                skip: observed?["smudge_skip_output"]?.string ?? "")
        }
    }
}

private func base64(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text) ?? Data())
}
