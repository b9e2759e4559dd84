import LFS
import SystemCalls

/// The upload of a push, with git-lfs's words: locks first, then the objects, then what was missing.
struct Upload {
    let client: LFSClient
    let remote: String
    let console: VerbConsole
    let dryRun: Bool
    private var summary = TransferSummary()

    init(client: LFSClient, remote: String, console: VerbConsole, dryRun: Bool) {
        self.client = client
        self.remote = remote
        self.console = console
        self.dryRun = dryRun
    }

    /// Uploads the objects of one ref; the exit status is the result.
    mutating func run(_ objects: [TransferObject], ref: String?) async throws -> Int32 {
        let objects = LFSClient.distinct(objects)
        if objects.isEmpty { return 0 }
        if dryRun {
            for object in objects {
                console.print("push \(object.oid.hexadecimal) => \(object.path?.description ?? "")")
            }
            summary.add(objects.map { TransferOutcome(object: $0, result: .planned) })
            return 0
        }
        do {
            if let ref {
                let warning = try await client.lockWarning(for: objects, ref: ref, remote: remote)
                for line in warning.advice { console.print(line) }
                for line in warning.text { console.complain(line) }
                if warning.stops { return 2 }
            }
            let outcomes = try await client.outcomes(ofPushing: objects, ref: ref, progress: console.progress)
            summary.add(outcomes)
            return report(outcomes)
        } catch let error as LFSError {
            console.report(error)
            summary.add(objects.map { TransferOutcome(object: $0, result: .failed(error)) })
            return 2
        }
    }

    /// Says, after all refs, how much was uploaded; the document where one is wanted.
    func finish() {
        if !dryRun, let line = summary.line("Uploading LFS objects") { console.print(line) }
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
