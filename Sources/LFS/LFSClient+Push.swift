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
        let wanted = try uploadable(objects)
        guard let first = wanted.first else { return [] }
        if isOffline {
            throw LFSError(
                .network, "push", first.name, "the server is not asked with --offline",
                hint: "the same command without --offline pushes it")
        }
        return try await transfer(wanted, .upload, ref: ref ?? self.ref(for: .upload), progress: progress)
    }

    /// Which of some objects the server does not have; nothing is transferred.
    public func missing(_ objects: [TransferObject], remote name: String? = nil) async throws -> [TransferObject] {
        let wanted = try uploadable(objects)
        if wanted.isEmpty { return [] }
        if let refusal = finder.refusal { throw refusal }
        guard let endpoint = finder.endpoint(for: .download, remote: name ?? remote) else {
            throw noServer(for: .upload, remote: name ?? remote)
        }
        if isOffline {
            throw LFSError(.network, "ask", "\(endpoint)", "the server is not asked with --offline")
        }
        let missing = try await missing(wanted, at: endpoint)
        let absent = Set(missing.map(\.oid))
        notes.add(wanted.map(\.oid).filter { !absent.contains($0) }, of: endpoint)
        return missing
    }

    /// Whether a server is a folder that has its objects where this repository has them: that is no second copy.
    package func isOwn(_ endpoint: Endpoint) -> Bool {
        guard let folder = endpoint.folder,
            let transfer = try? FolderTransfer(store, gitFolder: folder, progress: ProgressCounter(nil)),
            let theirs = try? Files.realPath(transfer.remote.root), let ours = try? Files.realPath(store.root)
        else { return false }
        return theirs == ours
    }

    private func missing(_ wanted: [TransferObject], at endpoint: Endpoint) async throws -> [TransferObject] {
        if isOwn(endpoint) { return wanted }
        if let gitFolder = endpoint.folder {
            let transfer = try FolderTransfer(store, gitFolder: gitFolder, progress: ProgressCounter(nil))
            return wanted.filter { !transfer.remote.holds($0.pointer) }
        }
        let batch = BatchClient(api: api(endpoint), operation: .download, ref: ref(for: .download))
        do {
            return try await batch.ask(wanted).filter { $0.error != nil || $0.download == nil }.map(\.object)
        } catch let error as LFSError where error.kind == .missing {
            return wanted
        }
    }

    /// The objects to upload, each once.
    ///
    /// A history may hold pointers to one object with several sizes, of which one at most is right: where the store has
    /// the object in that size, the other pointers ask for nothing.
    private func uploadable(_ objects: [TransferObject]) throws -> [TransferObject] {
        let wanted = Self.distinct(objects)
        let sizes = Dictionary(grouping: wanted, by: \.oid)
        if sizes.count == wanted.count { return wanted }
        let right = try sizes.filter { $0.value.count > 1 }.mapValues { objects in
            try objects.first { try store.find($0.pointer) != nil }
        }
        return wanted.filter { object in
            guard let known = right[object.oid] ?? nil else { return true }
            return known.pointer == object.pointer
        }
    }
}
