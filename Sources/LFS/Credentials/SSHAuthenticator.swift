import HTTP
import JSON
import Programs
import SystemPackage

/// Asks an SSH host where its LFS API is and how to prove who asks (`git-lfs-authenticate`).
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md#ssh
actor SSHAuthenticator {
    /// What the host answered.
    struct Access: Sendable {
        let url: RequestURL
        let headers: HeaderFields
        let expiry: Expiry
        /// The host has no LFS over SSH; its API is taken to be where HTTPS remotes have it.
        var isGuess = false
    }

    private let target: SSHTarget
    private let fallback: RequestURL?
    private let operation: TransferOperation
    private let command: SSHCommand
    private let retry: RetryPolicy
    private var known: Access?
    private var question: Task<Access, any Error>?

    init(_ endpoint: Endpoint, _ target: SSHTarget, command: SSHCommand, retry: RetryPolicy) {
        self.target = target
        fallback = endpoint.httpURL
        operation = endpoint.operation
        self.command = command
        var retry = retry
        retry.limit = min(retry.limit, 5)
        self.retry = retry
    }

    /// The access in force, asked for anew shortly before it ends.
    func access() async throws -> Access {
        if let known, known.expiry.isUsable(at: retry.now()) { return known }
        if let question { return try await question.value }
        let task = Task { try await ask() }
        question = task
        defer { question = nil }
        let access = try await task.value
        known = access
        return access
    }

    /// Forgets an access that the server refused.
    func forget() {
        known = nil
    }

    private func ask() async throws -> Access {
        try await retry.run { [target, operation, command, fallback, retry] _ in
            let now = retry.now()
            // Some servers read words plainly, and a shell is to expand `~`.
            let path = ShellWord.quoted(target.path, leaving: "~=")
            let remote = "git-lfs-authenticate \(path) \(operation.rawValue)"
            let outcome = try await command.run(target, remote)
            if Self.isUnknownCommand(outcome), let fallback {
                return Access(url: fallback, headers: HeaderFields(), expiry: Expiry(), isGuess: true)
            }
            guard outcome.status == 0 else {
                let error = LFSError(.network, "ask", "ssh host \(target.userAndHost)", outcome.complaint)
                // 255 is ssh's own failure: it has said why, and asking again would ask the user again.
                throw outcome.status == 255 ? error as any Error : RetryPolicy.again(error)
            }
            return try Self.parse(outcome.output, target, fallback, now: now)
        }
    }

    private static func isUnknownCommand(_ outcome: ProgramResult) -> Bool {
        if outcome.status == 127 { return true }
        let complaint = outcome.errorText
        return outcome.status != 0 && outcome.status != 255 && complaint.contains("git-lfs-authenticate")
            && complaint.contains("not found")
    }

    private static func parse(
        _ output: [UInt8], _ target: SSHTarget, _ fallback: RequestURL?, now: Int64
    ) throws -> Access {
        let subject = "ssh host \(target.userAndHost)"
        guard let answer = try? JSONValue(parsing: output), answer.members != nil else {
            throw LFSError(.network, "ask", subject, "git-lfs-authenticate answered something that is no JSON object")
        }
        var headers = HeaderFields()
        for member in answer["header"]?.members ?? [] {
            if let value = member.value.string { try headers.append(member.name, value) }
        }
        let href = answer["href"]?.string ?? ""
        guard let url = href.isEmpty ? fallback : try RequestURL(href) else {
            throw LFSError(.network, "ask", subject, "git-lfs-authenticate answered no URL")
        }
        return Access(url: url, headers: headers, expiry: Expiry(answer, requestedAt: now))
    }
}
