import LFS
import SystemCalls

/// The upload of a push, with git-lfs's words: locks first, then the objects, then what was missing.
struct Upload {
    let client: LFSClient
    let remote: String
    let console: VerbConsole
    let dryRun: Bool
    /// Whether nothing more must be uploaded: a lock of somebody else stops the push.
    private(set) var isStopped = false
    private var summary = TransferSummary()
    private var ownLocks: [String] = []

    init(client: LFSClient, remote: String, console: VerbConsole, dryRun: Bool) {
        self.client = client
        self.remote = remote
        self.console = console
        self.dryRun = dryRun
    }

    /// Uploads the objects of one ref; the exit status is the result.
    ///
    /// - Parameters:
    ///   - objects: The objects.
    ///   - ref: The name of the ref at the remote; nil where OIDs are pushed.
    ///   - changes: What else the push changes, for the locks of others.
    nonisolated(nonsending) mutating func run(
        _ objects: [TransferObject], ref: String?, changing changes: PushedChanges?
    ) async throws -> Int32 {
        let objects = LFSClient.distinct(objects)
        if dryRun {
            for object in objects {
                console.print("push \(object.oid.hexadecimal) => \(object.path?.description ?? "")")
            }
            summary.add(objects.map { TransferOutcome(object: $0, result: .planned) })
            return 0
        }
        do {
            if let ref, let changes {
                isStopped = try await !isAllowed(ref, changes, hasObjects: !objects.isEmpty)
                if isStopped { return 2 }
            }
            if objects.isEmpty { return 0 }
            let outcomes = try await client.outcomes(ofPushing: objects, ref: ref, progress: console.progress)
            summary.add(outcomes)
            return report(outcomes)
        } catch let error as LFSError {
            console.report(error)
            summary.add(objects.map { TransferOutcome(object: $0, result: .failed(error)) })
            return 2
        }
    }

    /// Asks for the locks of others, and says what they mean; whether the push may go on.
    ///
    /// Where there is nothing to upload, the server may be somebody else's: it is asked only where a lock would count.
    nonisolated(nonsending) private mutating func isAllowed(
        _ ref: String, _ changes: PushedChanges, hasObjects: Bool
    ) async throws -> Bool {
        guard let check = client.lockCheck else { return true }
        if !hasObjects && !check.isSet {
            guard check.isRequired, try await changes.touchLockable() else { return true }
        }
        let answer = try await client.locks(check, ref: ref)
        let paths = answer.namesLocks ? try await changes.paths() : []
        let verdict = check.verdict(answer, changing: paths, remote)
        for line in verdict.advice { console.print(line) }
        for line in verdict.text { console.complain(line) }
        for path in verdict.own where !ownLocks.contains(path) { ownLocks.append(path) }
        return !verdict.stops
    }

    /// Says, after all refs, how much was uploaded; the document where one is wanted.
    func finish() {
        if !dryRun, let line = summary.line("Uploading LFS objects") { console.print(line) }
        if !ownLocks.isEmpty && !isStopped {
            console.print("Consider unlocking your own locked files: (`git lfs unlock <path>`)")
            for path in ownLocks { console.print("* \(path)") }
        }
        console.document?(
            summary.document("to", client.finder.endpoint(for: .upload, remote: client.remote), client.store))
    }

    private func report(_ outcomes: [TransferOutcome]) -> Int32 {
        let errors = outcomes.compactMap { outcome in outcome.error.map { (outcome.object, $0) } }
        let absent = errors.filter { isAbsentHere($0.0, $0.1) }
        let other = errors.filter { !isAbsentHere($0.0, $0.1) }
        console.report(other.map(\.1), limit: 5)
        let allowsAbsent = client.configuration.bool("lfs.allowincompletepush") ?? false
        if !absent.isEmpty {
            console.print(allowsAbsent ? "LFS upload missing objects:" : "Git LFS upload failed:")
            for (object, error) in absent {
                let word = error.kind == .corrupt ? "corrupt" : "missing"
                console.print("  (\(word)) \(object.path?.description ?? "") (\(object.oid.hexadecimal))")
            }
            if !allowsAbsent {
                console.print("hint: Your push was rejected due to missing or corrupt local objects.")
                console.print("hint: You can disable this check with: `git config lfs.allowincompletepush true`")
            }
        }
        return other.isEmpty && (absent.isEmpty || allowsAbsent) ? 0 : 2
    }

    /// Whether the failure is that this side lacks the object, or has other bytes.
    private func isAbsentHere(_ object: TransferObject, _ error: LFSError) -> Bool {
        error.kind == .corrupt || error.kind == .missing && !client.store.holds(object.pointer)
    }
}
