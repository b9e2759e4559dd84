import SystemCalls

/// The upload of a push, with git-lfs's words: locks first, then the objects, then what was missing.
struct Upload: Sendable {
    let client: LFSClient
    let remote: String
    let console: VerbConsole
    let dryRun: Bool

    /// Uploads; the exit status is the result.
    func run(_ objects: [TransferObject], ref: String?) async throws -> Int32 {
        if objects.isEmpty { return 0 }
        if dryRun {
            for object in objects {
                console.print("push \(object.oid.hexadecimal) => \(object.path?.description ?? "")")
            }
            return 0
        }
        do {
            let warning = try await client.lockWarning(for: objects, ref: ref, remote: remote)
            for line in warning.text { console.complain(line) }
            if warning.stops { return 2 }
            let outcomes = try await client.outcomes(ofPushing: objects, ref: ref, progress: console.progress)
            return report(outcomes)
        } catch let error as LFSError {
            console.report(error)
            return 2
        }
    }

    private func report(_ outcomes: [TransferOutcome]) -> Int32 {
        let errors = outcomes.compactMap { outcome in outcome.error.map { (outcome.object, $0) } }
        let absent = errors.filter { isAbsentHere($0.0, $0.1) }
        let other = errors.filter { !isAbsentHere($0.0, $0.1) }
        for (_, error) in other.prefix(5) { console.report(error) }
        if other.count > 5 { console.complain("… and \(other.count - 5) more") }
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
