import Git
import SystemCalls
import SystemPackage

/// Turns a pointer into the content of its object.
public struct SmudgeFilter {
    /// Fetches an object that the store does not hold; its file, or an error.
    public typealias Fetch = (_ pointer: Pointer, _ path: RelativePath?) async throws -> FilePath

    /// What was written.
    public enum Outcome: Sendable {
        /// The object's content.
        case content
        /// Bytes that are no pointer, as they were.
        case passedThrough
        /// The canonical pointer, since the path is not wanted or smudging is switched off.
        case skipped
        /// The pointer as it was, since the object cannot be had.
        case missing(any Error)
    }

    let store: ObjectStore
    private let skips: Bool
    private let filter: PathFilter
    private let fetch: Fetch

    /// Smudges from a store.
    ///
    /// - Parameters:
    ///   - store: Where objects are looked for first.
    ///   - skips: Writes pointers only (`--skip`, GIT_LFS_SKIP_SMUDGE).
    ///   - filter: Which paths get their content.
    ///   - fetch: Brings an object that is not here.
    public init(_ store: ObjectStore, skips: Bool = false, filter: PathFilter = PathFilter(), fetch: @escaping Fetch) {
        self.store = store
        self.skips = skips
        self.filter = filter
        self.fetch = fetch
    }

    /// Reads a pointer and writes the object's content, or the pointer where that is not wanted or not possible.
    nonisolated(nonsending) public func run(
        path: RelativePath? = nil, from source: ByteSource, to sink: ByteOutput
    ) async throws -> Outcome {
        let head = try ByteStream.head(source, Pointer.maximumLength)
        guard head.count < Pointer.maximumLength, let pointer = Pointer(parsing: head) else {
            try ByteStream.write(head, to: sink)
            try ByteStream.copy(source, to: sink)
            return .passedThrough
        }
        if pointer.isEmpty { return .content }
        if try isSkipped(path) {
            try ByteStream.write(pointer.encoded, to: sink)
            return .skipped
        }
        do {
            let file = try await resolve(pointer, path: path)
            try ByteStream.copy(file, to: sink)
            return .content
        } catch let error as LFSError {
            try ByteStream.write(head, to: sink)
            return .missing(error)
        }
    }

    /// Whether a path keeps its pointer.
    func isSkipped(_ path: RelativePath?) throws -> Bool {
        if skips { return true }
        return try path.map { try !filter.allows($0) } ?? false
    }

    /// The file of a pointer's object, fetched where need be.
    package nonisolated(nonsending) func resolve(_ pointer: Pointer, path: RelativePath?) async throws -> FilePath {
        if let item = pointer.extensions.first {
            throw LFSError(
                .invalidPointer, "smudge", path?.description ?? "LFS object \(pointer.oid.hexadecimal)",
                "its pointer needs the extension '\(item.name)', which this program does not run")
        }
        // A size that is wrong makes a bad pointer; the object is left alone.
        _ = try store.isPresent(pointer)
        if let file = try store.find(pointer) { return file }
        return try await fetch(pointer, path)
    }
}
