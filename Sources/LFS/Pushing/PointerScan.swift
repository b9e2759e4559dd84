import Git
import SystemCalls
import SystemPackage

/// A pointer that Git holds, and where.
public struct ScannedPointer: Hashable, Sendable {
    /// The pointer.
    public let pointer: Pointer
    /// A path that has it.
    public let path: RelativePath
    /// The blob of the pointer.
    public let blob: ObjectID
    /// Whether the blob is the pointer's one valid encoding.
    public let isCanonical: Bool

    /// The object, for a transfer.
    public var object: TransferObject { TransferObject(pointer, path: path) }
}

/// Finds pointers among Git's objects: in a tree, in the index, in everything that commits reach.
///
/// Not to be used from two threads at once.
public final class PointerScan {
    let repository: Repository
    private let git: GitProgram
    private var known: [ObjectID: Pointer?] = [:]

    /// Looks at a repository.
    public init(_ repository: Repository) {
        self.repository = repository
        git = GitProgram(in: repository.workTree ?? repository.gitDirectory, environment: repository.environment)
    }

    /// The pointer that a blob holds; nil for any other blob, and for one that is not here.
    public func pointer(_ blob: ObjectID) throws -> Pointer? {
        if let found = known[blob] { return found }
        let pointer = try repository.pointer(inBlob: blob)
        known[blob] = pointer
        return pointer
    }

    private func scanned(
        _ blob: ObjectID, _ path: RelativePath, takesEmpty: Bool = false
    ) throws -> ScannedPointer? {
        guard blob != .zero, let pointer = try pointer(blob), takesEmpty || !pointer.isEmpty else { return nil }
        return ScannedPointer(
            pointer: pointer, path: path, blob: blob, isCanonical: ObjectID(ofBlob: pointer.encoded) == blob)
    }

    /// The pointers in the tree of a commit.
    ///
    /// - Parameters:
    ///   - revision: The commit.
    ///   - takesEmpty: Takes pointers of empty files, too: they have no object, but a right form, which is no byte at all.
    nonisolated(nonsending) public func tree(
        _ revision: String, takesEmpty: Bool = false
    ) async throws -> [ScannedPointer] {
        try await files(revision).compactMap { try scanned($0.blob, $0.path, takesEmpty: takesEmpty) }
    }

    /// The regular files in the tree of a commit, those below a folder where one is named.
    package nonisolated(nonsending) func files(_ revision: String, below folder: RelativePath = "") async throws -> [(
        blob: ObjectID, path: RelativePath
    )] {
        let output = try await run(
            ["ls-tree", "-r", "-z", "--full-tree", revision] + Self.pathspec(of: folder))
        return output.split(separator: 0).compactMap { entry in
            guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let words = entry[..<tab].split(separator: UInt8(ascii: " "))
            guard words.count == 3, words[0].starts(with: "100".utf8),
                let blob = ObjectID(hexadecimal: String(decoding: words[2], as: UTF8.self))
            else { return nil }
            return (blob, RelativePath(bytes: Array(entry[(tab + 1)...])))
        }
    }

    /// The words that keep a command of Git to a folder; none where it is the root, or has no text for a name.
    package static func pathspec(of folder: RelativePath) -> [String] {
        guard !folder.bytes.isEmpty, let name = String(validating: folder.bytes, as: UTF8.self) else { return [] }
        return ["--", ":(top,literal)\(name)"]
    }

    /// The pointers in an index, those below a folder where one is named.
    public func index(_ index: Index, below folder: RelativePath = "") throws -> [ScannedPointer] {
        try index.entries.filter { $0.isFile && (folder.bytes.isEmpty || $0.path.isInside(folder)) }
            .compactMap { try scanned($0.id, $0.path) }
    }

    /// The pointers that some commits reach and others do not, each blob once; the words are those of `git rev-list`.
    nonisolated(nonsending) public func reachable(_ revisions: [String]) async throws -> [ScannedPointer] {
        let filter = "--filter=combine:object:type=blob+blob:limit=\(Pointer.maximumLength)"
        let output = try await run(["rev-list", "--objects", filter] + revisions)
        return try output.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.count > 41, let blob = ObjectID(hexadecimal: String(decoding: line.prefix(40), as: UTF8.self))
            else { return nil }
            return try scanned(blob, RelativePath(bytes: Array(line.dropFirst(41))))
        }
    }

    /// The pointers that the commits of a branch since some time took away or put in its place.
    nonisolated(nonsending) func changed(in revision: String, since time: Int64) async throws -> [ScannedPointer] {
        try await changed(by: ["--since=@\(max(0, time)) +0000", revision])
    }

    /// The pointers that some commits took away or put in their place; the words are those of `git log`.
    ///
    /// With `eachParent` a merge is compared with each of its parents, else only what it has from none counts.
    nonisolated(nonsending) package func changed(
        by words: [String], eachParent: Bool = false
    ) async throws -> [ScannedPointer] {
        try await changes(["log", "--format=", eachParent ? "-m" : "-c"] + words).flatMap { change in
            try (change.before + [change.after]).compactMap { try scanned($0, change.path) }
        }
    }

    /// The pointers that some commits have and the commits beside them do not.
    ///
    /// - Parameter commits: A commit, then those that it is compared with; none of these takes its whole tree.
    nonisolated(nonsending) package func added(by commits: [[ObjectID]]) async throws -> [ScannedPointer] {
        let lines = commits.map { $0.map(\.hexadecimal).joined(separator: " ") + "\n" }.joined()
        if lines.isEmpty { return [] }
        return try await changes(["diff-tree", "--stdin", "--no-commit-id", "-r", "-m", "--root"], input: lines)
            .compactMap { try scanned($0.after, $0.path) }
    }

    /// The paths that some commits change, but not those that others reach.
    nonisolated(nonsending) func changedPaths(
        from starts: [ObjectID], notIn hidden: [ObjectID]
    ) async throws -> Set<RelativePath> {
        let lines =
            try starts.compactMap { try repository.commit($0.hexadecimal)?.hexadecimal }
            + hidden.compactMap { try repository.commit($0.hexadecimal).map { "^\($0.hexadecimal)" } }
        guard let first = lines.first, !first.hasPrefix("^") else { return [] }
        let input = lines.map { $0 + "\n" }.joined()
        return Set(try await changes(["log", "--format=", "-c", "--stdin"], input: input).map(\.path))
    }

    /// A file that a commit changes.
    private struct Change {
        /// The blobs before, one for each parent that was compared.
        let before: [ObjectID]
        let after: ObjectID
        let path: RelativePath
    }

    /// The changes that a command of `git` tells in its raw form (`git help diff-tree`, "RAW OUTPUT FORMAT").
    nonisolated(nonsending) private func changes(_ command: [String], input: String = "") async throws -> [Change] {
        // The first commit of a history counts as one that adds all its files, whatever the user has set.
        let words = ["-c", "log.showRoot=true"] + command.prefix(1) + ["--raw", "-z", "--no-abbrev", "--no-renames"]
        let output = try await run(words + command.dropFirst(), input: Array(input.utf8))
        var found: [Change] = []
        var rest = output.split(separator: 0)[...]
        while let word = rest.popFirst(), let path = rest.first {
            let text = word.drop { $0 != UInt8(ascii: ":") }
            let parents = text.prefix { $0 == UInt8(ascii: ":") }.count
            let parts = text.dropFirst(parents).split(separator: UInt8(ascii: " "))
            guard parents > 0, parts.count == 2 * parents + 3 else { continue }
            rest.removeFirst()
            let ids = parts.dropFirst(parents + 1).prefix(parents + 1).compactMap {
                ObjectID(hexadecimal: String(decoding: $0, as: UTF8.self))
            }
            guard ids.count == parents + 1, let after = ids.last else { continue }
            found.append(
                Change(before: Array(ids.dropLast()), after: after, path: RelativePath(bytes: Array(path))))
        }
        return found
    }

    /// Refuses to go on where there is no `git`.
    package func requireProgram() throws {
        if !git.isInstalled { throw Self.noProgram }
    }

    private static let noProgram = GitError(
        .failed, "run", "git", "the program is not installed", hint: "install git")

    /// Runs `git` and gives its output; an error with git's words where it fails.
    package nonisolated(nonsending) func run(_ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        try repository.refuseWaiting()
        guard let result = try await git.run(arguments, input: input) else {
            throw Self.noProgram
        }
        if result.status == 0 { return result.output }
        let reason = result.errorText.split(separator: "\n").first.map(String.init) ?? "exit status \(result.status)"
        let verb = arguments.first == "-c" ? arguments.dropFirst(2).first : arguments.first
        throw GitError(.failed, "run", "git \(verb ?? "")", reason)
    }
}
