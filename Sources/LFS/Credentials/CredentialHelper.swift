import Programs
import SystemPackage

/// Git's own store of logins: `git credential fill`, `approve` and `reject`.
///
/// Git runs the helpers, and where none knows, asks the user by GIT_ASKPASS, `core.askpass`, SSH_ASKPASS or the terminal.
struct CredentialHelper: Sendable {
    let folder: FilePath?
    let environment: [String: String]

    /// Asks for a login; nil where there is none, because nobody can be asked.
    func fill(_ request: CredentialRequest) async throws(LFSError) -> Credential? {
        let outcome = try await run("fill", try request.lines())
        guard outcome.status == 0 else { return nil }
        return CredentialRequest.credential(from: outcome.text)
    }

    /// Says that a login works, so that helpers may store it.
    func approve(_ request: CredentialRequest, _ credential: Credential) async throws(LFSError) {
        _ = try await run("approve", try request.lines(with: credential))
    }

    /// Says that a login was refused, so that helpers forget it.
    func reject(_ request: CredentialRequest, _ credential: Credential) async throws(LFSError) {
        _ = try await run("reject", try request.lines(with: credential))
    }

    private func run(_ verb: String, _ input: [UInt8]) async throws(LFSError) -> ProgramResult {
        try await ChildProgram.run("git", ["credential", verb], in: folder, environment: environment, input: input)
    }
}
