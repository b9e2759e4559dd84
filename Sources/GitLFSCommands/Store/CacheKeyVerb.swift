import Git
import Hashing
import LFS
import SystemCalls

/// `cache-image lfs cache-key`: one line per object that the checkout needs, for the key of a CI cache.
struct CacheKeyVerb: Sendable {
    /// Patterns of paths; none means all.
    var include: [String] = []
    /// The commit.
    var revision = "HEAD"

    /// Lists nothing yet.
    init() {}

    /// The OIDs, each once, ordered: the same set gives the same text.
    nonisolated(nonsending) func lines(_ repository: Repository) async throws -> [String] {
        guard try repository.commit(revision) != nil else { return [] }
        let filter = PathFilter(include: include)
        let found = try await PointerScan(repository).tree(revision).filter { try filter.allows($0.path) }
        return Set(found.map(\.pointer.oid.hexadecimal)).sorted()
    }
}
