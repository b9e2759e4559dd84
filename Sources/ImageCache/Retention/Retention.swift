import Configuration
import Git
import LFS
import SystemCalls
import SystemPackage

/// Keeps what older versions take on this machine within the limits (docs/retention.md).
///
/// `RetentionPlan` decides; here facts are collected, and what was decided is done.
public struct Retention {
    let repository: Repository?
    let folder: FilePath
    let places: StatePlaces
    let access: WriteAccess
    /// What the configuration allows.
    public let limits: StorageLimits
    let isOffline: Bool
    let events: CacheEvents

    /// What `clean` removed, or would remove.
    public struct Cleaned: Sendable {
        /// What was decided about the versions.
        public var plan: RetentionPlan?
        /// The versions that went, or would go.
        public var removed: [RetentionPlan.Removed] = []
        /// The temporary files and folders of commands that were killed.
        public var leftovers: [FilePath] = []
        /// The servers that could not be asked, and the first version that could not be removed.
        public var failures: [any Error] = []
    }

    /// The look at all versions; nil outside of a repository.
    private var wholeSurvey: VersionSurvey? {
        get throws {
            guard let repository, let relative = repository.relativePath(of: folder) else { return nil }
            return try VersionSurvey(repository, folder: relative)
        }
    }

    /// The same where something may be removed.
    private var survey: VersionSurvey? {
        get throws { try wholeSurvey.flatMap { $0.isShared ? nil : $0 } }
    }

    /// Removes what the limits do not allow and what killed commands left.
    ///
    /// Where it cannot be told what has to stay, nothing is removed, leftovers neither.
    ///
    /// - Parameter dryRun: Only finds out what that is.
    public func clean(dryRun: Bool) async throws -> Cleaned {
        var cleaned = Cleaned()
        try access.folder.check()
        let survey = try survey
        try survey?.check()
        if dryRun {
            cleaned.leftovers = access.leftovers.paths
            if let survey { try await plan(survey, &cleaned) }
            cleaned.removed = cleaned.plan?.removed ?? []
            return cleaned
        }
        // Whatever is written in a folder removes what was left there.
        let left = access.leftovers.paths
        return try await access.run(leavingLeftovers: true) {
            if let survey { try await plan(survey, &cleaned) }
            access.leftovers.remove()
            cleaned.leftovers = left.filter { !Files.exists($0) }
            if let survey { remove(survey, &cleaned) }
            return cleaned
        }
    }

    /// Removes the versions that go, those that can be.
    private func remove(_ survey: VersionSurvey, _ cleaned: inout Cleaned) {
        var failure: SystemError?
        for item in cleaned.plan?.removed ?? [] {
            do throws(SystemError) {
                try survey.remove(item.version)
                cleaned.removed.append(item)
            } catch { failure = failure ?? error }
        }
        if let failure { cleaned.failures.append(failure) }
    }

    /// Decides, after the servers were asked about what would go if they have it.
    private func plan(_ survey: VersionSurvey, _ cleaned: inout Cleaned) async throws {
        let now = FileStatus.Time.now.seconds
        var versions = try await survey.versions(limits)
        var plan = RetentionPlan(versions, limits, now: now)
        var asked: Set<Pointer> = []
        while !isOffline {
            let questions = plan.questions.filter { !asked.contains($0.pointer) }
            if questions.isEmpty { break }
            asked.formUnion(questions.map(\.pointer))
            var failures: [LFSError] = []
            let answers = try await survey.asked(questions) { failures.append($0) }
            cleaned.failures += failures
            let byPointer = Dictionary(answers.map { ($0.pointer, $0) }) { first, _ in first }
            versions = versions.map { byPointer[$0.pointer] ?? $0 }
            plan = RetentionPlan(versions, limits, now: now)
        }
        cleaned.plan = plan
    }

    /// Keeps the limits after images were stored; the server is not asked, so that only what it is known to have goes.
    ///
    /// Another command that works in the clone is not waited for: the next save looks again.
    ///
    /// - Returns: What was decided; nil where nothing comes near a limit, or nothing was looked at.
    public func keepLimits() async throws -> RetentionPlan? {
        guard let survey = try survey else { return nil }
        let now = FileStatus.Time.now.seconds
        let (count, size, oldest) = try survey.extent
        let isNear =
            !limits.isEnabled || count > limits.maximumCount || size.bytes > limits.maximumBytes / 10
            || RetentionPlan.days(since: oldest, now) >= limits.retentionDays
        if !isNear { return nil }
        return try await access.runIfFree {
            let plan = RetentionPlan(try await survey.versions(limits, asksServers: false), limits, now: now)
            for item in plan.removed { try survey.remove(item.version) }
            return plan
        }
    }

    /// All versions on this machine, whatever becomes of them.
    public func versions() async throws -> [ImageVersion] {
        guard let survey = try wholeSurvey else {
            throw CacheError.needsRepository(verb: "tell the versions", folder: folder)
        }
        return try await survey.versions(limits)
    }
}
