import Git
import SystemCalls

/// The versions of an entry's record that Git has; looked for once by a command.
///
/// Not to be used from two tasks at once.
final class RecordVersions {
    /// How many commits that touched a record are looked at.
    private static let searchedCommits = 200

    private let repository: Repository?
    private var known: [RelativePath: [Version]] = [:]

    init(_ repository: Repository?) {
        self.repository = repository
    }

    /// A version of a record.
    struct Version {
        let blob: ObjectID
        /// Where it was found, for messages: `from commit 1a2b3c4`.
        let place: String
    }

    /// The versions in a merge, on branches and tags and in the last commits that touched it, each content once.
    func all(of path: RelativePath) throws -> [Version] {
        if let versions = known[path] { return versions }
        let versions = try repository.map { try search(path, in: $0) } ?? []
        known[path] = versions
        return versions
    }

    private func search(_ path: RelativePath, in repository: Repository) throws -> [Version] {
        var seen: Set<ObjectID> = []
        var versions: [Version] = []
        for entry in (try? repository.index())?.stages(of: path) ?? [] where entry.stage != 0 {
            if seen.insert(entry.id).inserted { versions.append(Version(blob: entry.id, place: "from the merge")) }
        }
        let references = try repository.references()
        for reference in references {
            guard let entry = try? repository.entry(at: path, in: reference.target) ?? nil else { continue }
            if seen.insert(entry.id).inserted {
                versions.append(Version(blob: entry.id, place: "from \(reference.shorthand)"))
            }
        }
        let starts = references.map(\.target) + [try repository.head()].compactMap { $0 }
        for version in try repository.history(of: [path], from: starts, limit: Self.searchedCommits) {
            guard let blob = version.entries[0]?.id, seen.insert(blob).inserted else { continue }
            versions.append(Version(blob: blob, place: "from commit \(version.commit.id.short)"))
        }
        return versions
    }
}
