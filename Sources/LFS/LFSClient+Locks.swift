import Programs
import SystemCalls
import SystemPackage

extension LFSClient {
    /// What must be said before a push because of locked files, and whether it stops the push.
    package func lockWarning(for objects: [TransferObject], ref: String?, remote: String) async throws -> (
        advice: [String], text: [String], stops: Bool
    ) {
        if let refusal = finder.refusal { throw refusal }
        guard let endpoint = finder.endpoint(for: .upload, remote: self.remote), endpoint.folder == nil else {
            return ([], [], false)
        }
        let setting = configuration.string("lfs", "locksverify", for: endpoint.accessURL)?.lowercased()
        if let setting, ["false", "no", "off", "0"].contains(setting) { return ([], [], false) }
        let isRequired = setting != nil || endpoint.httpURL?.host == "github.com"
        let key = "lfs.\(endpoint.accessURL).locksverify"
        switch try await LocksClient(api: api(endpoint), ref: ref).verify() {
        case .notImplemented:
            _ = try? await ChildProgram.run(
                "git", ["config", "--local", key, "false"], in: folder, environment: environment)
            return ([], [], false)
        case .refused(let said):
            let kind = isRequired ? "error" : "warning"
            return (
                [],
                ["\(kind): Authentication error: the server refuses to list locks\(said.isEmpty ? "" : ": " + said)"],
                isRequired
            )
        case .failed:
            let lines = [
                "Remote \"\(remote)\" does not support the Git LFS locking API. Consider disabling it with:",
                "  $ git config \(key) false",
            ]
            return isRequired ? ([], lines, true) : (lines, [], false)
        case .locks(_, let theirs):
            let paths = Set(objects.compactMap(\.path))
            let held = theirs.filter { paths.contains($0.path) }
            if held.isEmpty { return (setting == nil && !isRequired ? Self.advice(remote, key) : [], [], false) }
            let lines = held.map { "* \($0.path) - \($0.owner)" }
            let verdict =
                isRequired
                ? "ERROR: Cannot update locked files." : "WARNING: The above files would have halted this push."
            return ([], ["Unable to push locked files:"] + lines + [verdict], isRequired)
        }
    }

    private static func advice(_ remote: String, _ key: String) -> [String] {
        [
            "Locking support detected on remote \"\(remote)\". Consider enabling it with:",
            "  $ git config \(key) true",
        ]
    }
}
