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
    private let repository: Repository
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

    private func scanned(_ blob: ObjectID, _ path: RelativePath) throws -> ScannedPointer? {
        guard let pointer = try pointer(blob), !pointer.isEmpty else { return nil }
        return ScannedPointer(
            pointer: pointer, path: path, blob: blob, isCanonical: ObjectID(ofBlob: pointer.encoded) == blob)
    }

    /// The pointers in the tree of a commit.
    nonisolated(nonsending) public func tree(_ revision: String) async throws -> [ScannedPointer] {
        try await files(revision).compactMap { try scanned($0.blob, $0.path) }
    }

    /// The regular files in the tree of a commit.
    package nonisolated(nonsending) func files(_ revision: String) async throws -> [(
        blob: ObjectID, path: RelativePath
    )] {
        let output = try await run(["ls-tree", "-r", "-z", "--full-tree", revision])
        return output.split(separator: 0).compactMap { entry in
            guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let words = entry[..<tab].split(separator: UInt8(ascii: " "))
            guard words.count == 3, words[0].starts(with: "100".utf8),
                let blob = ObjectID(hexadecimal: String(decoding: words[2], as: UTF8.self))
            else { return nil }
            return (blob, RelativePath(bytes: Array(entry[(tab + 1)...])))
        }
    }

    /// The pointers in an index.
    public func index(_ index: Index) throws -> [ScannedPointer] {
        try index.entries.filter(\.isFile).compactMap { try scanned($0.id, $0.path) }
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
    nonisolated(nonsending) public func changed(in revision: String, since time: Int64) async throws -> [ScannedPointer]
    {
        let output = try await run([
            "log", "--format=", "--raw", "-z", "--no-abbrev", "--no-renames", "-m", "--since=@\(time)", revision,
        ])
        var found: [ScannedPointer] = []
        var words = output.split(separator: 0)[...]
        while let word = words.popFirst(), let path = words.first {
            let parts = word.drop { $0 != UInt8(ascii: ":") }.split(separator: UInt8(ascii: " "))
            guard parts.count == 5 else { continue }
            words.removeFirst()
            for part in parts[2...3] {
                if let blob = ObjectID(hexadecimal: String(decoding: part, as: UTF8.self)), blob != .zero,
                    let item = try scanned(blob, RelativePath(bytes: Array(path)))
                {
                    found.append(item)
                }
            }
        }
        return found
    }

    /// Runs `git` and gives its output; an error with git's words where it fails.
    package nonisolated(nonsending) func run(_ arguments: [String]) async throws -> [UInt8] {
        try repository.refuseWaiting()
        guard let result = try await git.run(arguments) else {
            throw GitError(.failed, "run", "git", "the program is not installed")
        }
        if result.status == 0 { return result.output }
        let reason = result.errorText.split(separator: "\n").first.map(String.init) ?? "exit status \(result.status)"
        throw GitError(.failed, "run", "git \(arguments.first ?? "")", reason)
    }
}
