import JSON
import SystemCalls
import SystemPackage

/// What this clone knows of locks without asking: its own, and the last list of all.
///
/// The file lies in the LFS storage folder, so that worktrees share it. It is no truth: the server has that.
package struct LockNotes {
    private let file: FilePath
    private var own: [LocksClient.Lock]
    private var listed: [LocksClient.Lock]?

    /// Reads the notes beside a store; what cannot be read counts as none.
    package init(_ store: ObjectStore) {
        file = store.root.appending("cache").appending("cache-image-locks.json")
        let bytes = (try? Files.readPlain(file, limit: 64 << 20)) ?? nil
        let document = bytes.flatMap { try? JSONValue(parsing: $0) }
        own = LocksClient.locks(document?["own"])
        listed = document?["listed"].map { LocksClient.locks($0) }
    }

    /// The locks that were taken here and not given back.
    package var taken: [LocksClient.Lock] { own }

    /// The last list of all locks; nil where none was asked for.
    package var all: [LocksClient.Lock]? { listed }

    /// Whether a file is locked by this clone.
    package func holds(_ path: RelativePath) -> Bool { own.contains { $0.path == path } }

    /// Notes a lock that was taken.
    package mutating func add(_ lock: LocksClient.Lock) throws {
        own.removeAll { $0.path == lock.path }
        own.append(lock)
        try write()
    }

    /// Forgets a lock that was given back.
    package mutating func remove(_ id: String) throws {
        own.removeAll { $0.id == id }
        try write()
    }

    /// Notes a list of all locks.
    package mutating func note(_ locks: [LocksClient.Lock]) throws {
        listed = locks
        try write()
    }

    private func write() throws {
        var members: [JSONValue.Member] = [.init("own", .array(own.map(\.document)))]
        if let listed { members.append(.init("listed", .array(listed.map(\.document)))) }
        try Files.createDirectories(file.removingLastComponent())
        try Files.replace(file, with: Array((JSONValue.object(members).text + "\n").utf8))
    }
}
