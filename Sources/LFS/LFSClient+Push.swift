import SystemCalls
import SystemPackage

extension LFSClient {
    /// Brings objects to the server: those that it lacks, and no others.
    ///
    /// - Parameters:
    ///   - objects: What the server must have.
    ///   - ref: The full name of the branch that is pushed; nil where there is none.
    ///   - progress: Hears how far the upload is.
    /// - Throws: The first failure.
    public func push(
        _ objects: [TransferObject], ref: String? = nil, progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws {
        let outcomes = try await outcomes(ofPushing: objects, ref: ref, progress: progress)
        if let error = outcomes.lazy.compactMap(\.error).first { throw error }
    }

    /// Brings objects to the server and tells of each what became of it.
    public func outcomes(
        ofPushing objects: [TransferObject], ref: String? = nil,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws -> [TransferOutcome] {
        let wanted = Self.distinct(objects)
        guard let first = wanted.first else { return [] }
        if isOffline {
            throw LFSError(
                .network, "push", first.name, "--offline forbids to ask the server",
                hint: "the same command without --offline pushes it")
        }
        return try await transfer(wanted, .upload, ref: ref ?? self.ref, progress: progress)
    }

    /// Which of some objects the server does not have; nothing is transferred.
    public func missing(_ objects: [TransferObject], remote name: String? = nil) async throws -> [TransferObject] {
        let wanted = Self.distinct(objects)
        if wanted.isEmpty { return [] }
        guard let endpoint = finder.endpoint(for: .download, remote: name ?? remote) else {
            throw LFSError(.configuration, "find", "an LFS server", "there is no remote and no lfs.url")
        }
        if isOffline {
            throw LFSError(.network, "ask", "\(endpoint)", "--offline forbids to ask the server")
        }
        if let gitFolder = endpoint.folder {
            let transfer = try FolderTransfer(store, gitFolder: gitFolder, progress: ProgressCounter(nil))
            return wanted.filter { !transfer.remote.holds($0.pointer) }
        }
        let batch = BatchClient(api: api(endpoint), operation: .download, ref: ref)
        do {
            return try await batch.ask(wanted).filter { $0.error != nil || $0.download == nil }.map(\.object)
        } catch let error as LFSError where error.kind == .missing {
            return wanted
        }
    }

    /// What must be said before a push because of locked files, and whether it stops the push.
    func lockWarning(for objects: [TransferObject], ref: String?, remote: String) async throws -> (
        text: [String], stops: Bool
    ) {
        guard let endpoint = finder.endpoint(for: .upload, remote: self.remote), endpoint.folder == nil else {
            return ([], false)
        }
        let setting = configuration.string("lfs", "locksverify", for: endpoint.accessURL)?.lowercased()
        if let setting, ["false", "no", "off", "0"].contains(setting) { return ([], false) }
        let isRequired = setting != nil || endpoint.httpURL?.host == "github.com"
        let key = "lfs.\(endpoint.accessURL).locksverify"
        switch try await LocksClient(api: api(endpoint), ref: ref).verify() {
        case .notImplemented:
            _ = try? await ChildProgram.run(
                "git", ["config", "--local", key, "false"], in: folder, environment: environment)
            return ([], false)
        case .refused(let said):
            let kind = isRequired ? "error" : "warning"
            return (
                ["\(kind): Authentication error: the server refuses to list locks\(said.isEmpty ? "" : ": " + said)"],
                isRequired
            )
        case .failed:
            return (
                [
                    "Remote \"\(remote)\" does not support the Git LFS locking API. Consider disabling it with:",
                    "  $ git config \(key) false",
                ], isRequired
            )
        case .locks(_, let theirs):
            let paths = Set(objects.compactMap(\.path))
            let held = theirs.filter { paths.contains($0.path) }
            if held.isEmpty { return ([], false) }
            let lines = held.map { "* \($0.path) - \($0.owner)" }
            let verdict =
                isRequired
                ? "ERROR: Cannot update locked files." : "WARNING: The above files would have halted this push."
            return (["Unable to push locked files:"] + lines + [verdict], isRequired)
        }
    }
}
