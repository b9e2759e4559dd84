import Programs
import SystemCalls
import SystemPackage

/// How a push looks at the locks of others, and what it is to say about them.
package struct LockCheck: Sendable {
    /// What must be said before the push, and after it.
    package struct Verdict: Sendable {
        /// Lines for stdout.
        package var advice: [String] = []
        /// Lines for stderr.
        package var text: [String] = []
        /// Whether the push must not go on.
        package var stops = false
        /// The paths that the user has locked and that the push changes.
        package var own: [String] = []
    }

    let endpoint: Endpoint
    /// Whether `locksverify` is set.
    package let isSet: Bool
    /// Whether a lock stops the push: `locksverify` is true, or the server is known to have locks.
    package let isRequired: Bool

    private var key: String { "lfs.\(endpoint.accessURL).locksverify" }

    /// The setting that says not to ask again.
    var refusal: [String] { [key, "false"] }

    /// What an answer of the server means for a push.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - paths: The paths that the push changes.
    ///   - remote: The remote's name.
    package func verdict(_ answer: LocksClient.Answer, changing paths: Set<RelativePath>, _ remote: String) -> Verdict {
        switch answer {
        case .notImplemented: return Verdict()
        case .refused(let said):
            let kind = isRequired ? "error" : "warning"
            let line = "\(kind): Authentication error: the server refuses to list locks"
            return Verdict(text: [line + (said.isEmpty ? "" : ": " + said)], stops: isRequired)
        case .failed:
            let lines = [
                "Remote \"\(remote)\" does not support the Git LFS locking API. Consider disabling it with:",
                "  $ git config \(key) false",
            ]
            return isRequired ? Verdict(text: lines, stops: true) : Verdict(advice: lines)
        case .locks(let ours, let theirs):
            let held = theirs.filter { paths.contains($0.path) }
            if held.isEmpty {
                let own = ours.filter { paths.contains($0.path) }.map { "\($0.path)" }
                return Verdict(advice: isRequired || isSet ? [] : advice(remote), own: own)
            }
            let lines = held.map { "* \($0.path) - \($0.owner)" }
            let end =
                isRequired
                ? "ERROR: Cannot update locked files." : "WARNING: The above files would have halted this push."
            return Verdict(text: ["Unable to push locked files:"] + lines + [end], stops: isRequired)
        }
    }

    private func advice(_ remote: String) -> [String] {
        [
            "Locking support detected on remote \"\(remote)\". Consider enabling it with:",
            "  $ git config \(key) true",
        ]
    }
}

extension LFSClient {
    /// How the locks of others count for a push; nil where nobody is to be asked.
    package var lockCheck: LockCheck? {
        guard let endpoint = finder.endpoint(for: .upload, remote: remote), endpoint.folder == nil else { return nil }
        let setting = configuration.string("lfs", "locksverify", for: endpoint.accessURL)?.lowercased()
        if let setting, ["false", "no", "off", "0"].contains(setting) { return nil }
        return LockCheck(
            endpoint: endpoint, isSet: setting != nil,
            isRequired: setting != nil || endpoint.httpURL?.host == "github.com")
    }

    /// Asks the server for all locks; one that has none is noted, and not asked again.
    package func locks(_ check: LockCheck, ref: String) async throws -> LocksClient.Answer {
        if let refusal = finder.refusal { throw refusal }
        // Where a lock would only be a warning, a server that fails must not hold the push up.
        let answer = try await LocksClient(api: api(check.endpoint), ref: ref)
            .verify(tries: check.isRequired ? retry.limit : 1)
        if case .notImplemented = answer {
            _ = try? await ChildProgram.run(
                "git", ["config", "--local", "--replace-all"] + check.refusal, in: folder, environment: environment)
        }
        return answer
    }

    /// The API for locks; an error where the remote is a folder, which has none.
    ///
    /// - Parameters:
    ///   - operation: What the endpoint is for: an upload for what changes locks.
    ///   - namesBranch: Whether requests name the branch.
    package func locksClient(for operation: TransferOperation, namesBranch: Bool = true) throws -> LocksClient {
        let endpoint = try endpoint(for: operation)
        if isOffline {
            throw LFSError(.network, "ask", "\(endpoint)", "--offline forbids to ask the server")
        }
        if endpoint.folder != nil {
            throw LFSError(
                .configuration, "ask", "\(endpoint)", "it is a folder, and only LFS servers have locks",
                hint: "git config lfs.url URL names a server")
        }
        return LocksClient(api: api(endpoint), ref: namesBranch ? ref(for: .upload) : nil)
    }
}
