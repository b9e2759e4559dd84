import SystemCalls

extension LFSClient {
    /// Brings objects into the store: those that it lacks, and no others.
    ///
    /// - Parameters:
    ///   - objects: What is needed.
    ///   - progress: Hears how far the download is.
    /// - Throws: The first failure, of the class that tells the user most: `missing`, `authentication`, `quota`, `network`, `corrupt`.
    public func fetch(
        _ objects: [TransferObject], progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws {
        if let error = try await outcomes(ofFetching: objects, progress: progress).lazy.compactMap(\.error).first {
            throw error
        }
    }

    /// Brings objects into the store and tells of each what became of it.
    ///
    /// - Parameter refetch: Fetches what is here, too.
    public func outcomes(
        ofFetching objects: [TransferObject], refetch: Bool = false,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws -> [TransferOutcome] {
        let wanted = Self.distinct(objects)
        let missing = try refetch ? wanted : wanted.filter { try store.find($0.pointer) == nil }
        let found = Set(wanted).subtracting(missing)
        var outcomes = wanted.filter(found.contains).map { TransferOutcome(object: $0, result: .alreadyThere) }
        guard let first = missing.first else { return outcomes }
        if isOffline {
            let error = LFSError(
                .missing, "fetch", first.name,
                "it is not in \(store.objects.string), and the server is not asked with --offline",
                hint: "the same command without --offline fetches it")
            return outcomes + missing.map { TransferOutcome(object: $0, result: .failed(error)) }
        }
        do {
            outcomes += try await transfer(missing, .download, ref: ref(for: .download), progress: progress).map(
                explained)
        } catch let error as LFSError {
            outcomes += missing.map { explained(TransferOutcome(object: $0, result: .failed(error))) }
        }
        return outcomes
    }

    /// Names the object in an error that speaks of the server only.
    private func explained(_ outcome: TransferOutcome) -> TransferOutcome {
        guard let error = outcome.error, error.kind == .network, !error.object.hasPrefix("LFS object") else {
            return outcome
        }
        let reason = "cannot \(error.operation) \(error.object): \(error.reason)"
        let hint = error.hint ?? "run the command again when the server can be reached; what has come so far is kept"
        return TransferOutcome(
            object: outcome.object,
            result: .failed(LFSError(.network, "fetch", outcome.object.name, reason, hint: hint)))
    }
}
