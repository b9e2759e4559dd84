import Configuration
import Git
import Hashing
import LFS
import Records
import SystemCalls

/// What is known of an entry beyond its state, for people who look after a cache.
public struct EntryFacts: Sendable {
    /// Whether a server can give the archive to others.
    public enum Pushed: String, Sendable {
        /// A branch of a remote leads to it, and its server has it.
        case yes
        /// A branch of a remote leads to it. Whether the server has it is not known here.
        case unconfirmed
        /// No branch of a remote leads to it.
        case no
    }

    /// When the entry was committed, or written where it is not, in seconds since 1970.
    public let made: Int64?
    /// What the journal says.
    public let use: ImageUse
    /// Whether the object store holds the archive.
    public let isObjectLocal: Bool
    /// Whether others can have the archive; nil where it is in no history, or Git cannot be asked.
    public let pushed: Pushed?
    /// The local branches that hold this archive.
    public let branches: [String]
}

/// Collects facts about entries; reads Git and the journal, changes nothing, asks nobody.
///
/// What cannot be found out is left out: a look must work everywhere. Not to be used from two tasks at once.
public final class EntryFactsReader {
    /// How many commits are looked at for the one that brought an entry.
    private static let searchedCommits = 2_000

    private let repository: Repository?
    private let survey: VersionSurvey?
    private let journal: Journal
    private lazy var lines = journal.lines()
    private var known: [SHA256Digest: ImageVersion.Server]??

    init(repository: Repository?, survey: VersionSurvey?, journal: Journal) {
        self.repository = repository
        self.survey = survey
        self.journal = journal
    }

    /// The facts about an entry.
    public nonisolated(nonsending) func facts(about inspection: EntryInspection) async -> EntryFacts {
        let provenance = inspection.recorded?.provenance
        let pointer = provenance?.pointer
        var pushed: EntryFacts.Pushed?
        if let pointer, let servers = await servers() {
            switch servers[pointer.oid] ?? .notPushed {
            case .holding: pushed = .yes
            case .unproven, .lacking: pushed = .unconfirmed
            case .notPushed: pushed = .no
            }
        }
        return EntryFacts(
            made: made(inspection),
            use: ImageUse(of: inspection.image.name.description, in: lines, buildSeconds: provenance?.buildSeconds),
            isObjectLocal: pointer.map { survey?.holds($0) ?? false } ?? false, pushed: pushed,
            branches: (try? branches(holding: inspection)) ?? [])
    }

    /// Who has the archives of the cache folder's history, asked of Git once; nil where that cannot be asked.
    private nonisolated(nonsending) func servers() async -> [SHA256Digest: ImageVersion.Server]? {
        if let known { return known }
        let found = (try? await survey?.servers()) ?? nil
        known = .some(found)
        return found
    }

    private func made(_ inspection: EntryInspection) -> Int64? {
        guard let pointer = inspection.recorded?.provenance?.pointer else { return nil }
        if let repository, let path = repository.relativePath(of: inspection.paths.archive),
            let head = (try? repository.head()) ?? nil,
            let entry = try? repository.history(
                of: [path], from: [head], limit: 1, visits: Self.searchedCommits
            ).first, entry.entries[0]?.id == ObjectID(ofBlob: pointer.encoded)
        {
            return entry.commit.committed
        }
        return ((try? FileStatus.of(inspection.paths.record)) ?? nil)?.modified.seconds
    }

    private func branches(holding inspection: EntryInspection) throws -> [String] {
        guard let repository, let pointer = inspection.recorded?.provenance?.pointer,
            let path = repository.relativePath(of: inspection.paths.archive)
        else { return [] }
        let blob = ObjectID(ofBlob: pointer.encoded)
        return try repository.references("refs/heads/").filter {
            try repository.entry(at: path, in: $0.target)?.id == blob
        }.map(\.shorthand)
    }
}
