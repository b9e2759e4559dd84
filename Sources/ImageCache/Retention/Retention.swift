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
        /// The versions.
        public var plan: RetentionPlan?
        /// The temporary files and folders of commands that were killed.
        public var leftovers: [FilePath] = []
        /// The servers that could not be asked.
        public var failures: [LFSError] = []
    }

    private var survey: VersionSurvey? {
        get throws {
            guard let repository, let relative = repository.relativePath(of: folder) else { return nil }
            let survey = try VersionSurvey(repository, folder: relative)
            return survey.isShared ? nil : survey
        }
    }

    /// Removes what the limits do not allow and what killed commands left.
    ///
    /// - Parameter dryRun: Only finds out what that is.
    public func clean(dryRun: Bool) async throws -> Cleaned {
        var cleaned = Cleaned()
        // The lock's holder removes them.
        let left = try leftovers()
        if dryRun {
            cleaned.leftovers = left
            if let survey = try survey { try await plan(survey, &cleaned) }
            return cleaned
        }
        return try await access.run {
            cleaned.leftovers = left.filter { !Files.exists($0) }
            for path in left where Files.exists(path) {
                if (try? Files.removeTree(path)) != nil { cleaned.leftovers.append(path) }
            }
            if let survey = try survey {
                try await plan(survey, &cleaned)
                try survey.remove((cleaned.plan?.removed ?? []).map(\.version))
            }
            return cleaned
        }
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
    /// - Returns: What was decided; nil where nothing comes near a limit.
    public func keepLimits() async throws -> RetentionPlan? {
        guard let survey = try survey else { return nil }
        let now = FileStatus.Time.now.seconds
        let (count, size, oldest) = try survey.extent
        let isNear =
            !limits.isEnabled || count > limits.maximumCount || size.bytes > limits.maximumBytes / 10
            || RetentionPlan.days(since: oldest, now) >= limits.retentionDays
        if !isNear { return nil }
        return try await access.run {
            let plan = RetentionPlan(try await survey.versions(limits), limits, now: now)
            try survey.remove(plan.removed.map(\.version))
            return plan
        }
    }

    /// All versions on this machine, whatever becomes of them.
    public func versions() async throws -> [ImageVersion] { try await survey?.versions(limits) ?? [] }

    /// What killed commands left in the folders of the cache and of the object store.
    private func leftovers() throws -> [FilePath] {
        var folders = [folder, places.own]
        if places.scratch != places.own, places.scratch != folder { folders.append(places.scratch) }
        var found = try folders.flatMap { try TemporaryName.leftovers(in: $0) }
        if let repository { found += try ObjectStore(repository).leftovers }
        return found
    }
}
