import Git
import SystemCalls

/// What counts as recent for `fetch --recent` and `prune`.
package struct Recency: Sendable {
    /// Branches with commits of these many days (`lfs.fetchrecentrefsdays`).
    package let refDays: Int
    /// Changes of these many days before a branch's last commit (`lfs.fetchrecentcommitsdays`).
    package let commitDays: Int
    /// Whether remote branches count (`lfs.fetchrecentremoterefs`).
    package let includesRemotes: Bool
    /// The days that pruning adds (`lfs.pruneoffsetdays`).
    package let pruneOffset: Int

    /// Reads the settings.
    package init(_ configuration: LFSConfiguration) {
        /// A number of days that any clock can take away: more than 2,700 years are as good as for ever.
        func days(_ name: String, _ standard: Int) -> Int {
            min(max(configuration.int(name) ?? standard, -1_000_000), 1_000_000)
        }
        refDays = days("lfs.fetchrecentrefsdays", 7)
        commitDays = days("lfs.fetchrecentcommitsdays", 0)
        includesRemotes = configuration.bool("lfs.fetchrecentremoterefs") ?? true
        pruneOffset = days("lfs.pruneoffsetdays", 3)
    }

    /// The branches that are recent, and the tags that are names of commits only; git-lfs passes over annotated ones.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - remote: The remote whose branches count; nil for all.
    ///   - extraDays: Days added to those that are set.
    package func references(_ repository: Repository, remote: String?, extraDays: Int) throws -> [Reference] {
        let limit = FileStatus.Time.now.seconds - Int64(refDays + extraDays) * 86400
        let tags = try repository.references("refs/tags/").filter { try repository.resolve($0.name) == $0.target }
        var found = try repository.references("refs/heads/") + tags
        if includesRemotes { found += try repository.references("refs/remotes/" + (remote.map { "\($0)/" } ?? "")) }
        return try found.filter { try (repository.commit($0.target)?.committed ?? 0) >= limit }
    }

    /// The pointers that the recent commits of a branch changed.
    package nonisolated(nonsending) func changes(
        _ repository: Repository, _ scan: PointerScan, in revision: String, extraDays: Int
    ) async throws -> [ScannedPointer] {
        guard let tip = try repository.commit(revision), let commit = try repository.commit(tip) else { return [] }
        // A commit may name any time.
        let (since, overflows) = commit.committed.subtractingReportingOverflow(
            Int64(commitDays + extraDays) * 86400)
        return try await scan.changed(in: revision, since: overflows ? commit.committed : since)
    }
}
