import Git
import SystemCalls
import SystemPackage

/// Moves objects between this store and that of a repository on the same machine, by hard link where it can.
struct FolderTransfer: Sendable {
    let store: ObjectStore
    let remote: ObjectStore
    let progress: ProgressCounter

    /// Opens the store of the repository whose Git folder is given.
    init(_ store: ObjectStore, gitFolder: FilePath, progress: ProgressCounter) throws {
        self.store = store
        self.progress = progress
        guard Files.exists(gitFolder) else {
            throw LFSError(.network, "reach", gitFolder.string, "there is no such folder")
        }
        var storage = gitFolder.appending("lfs")
        if let bytes = try Files.read(gitFolder.appending("config"), limit: 1 << 20),
            let configured = try GitConfiguration(parsing: bytes, file: "config").string("lfs.storage"),
            !configured.isEmpty
        {
            storage = gitFolder.pushing(FilePath(keeping: configured)).lexicallyNormalized()
            // Who made the remote must not choose where on this machine objects are written.
            guard storage != gitFolder, storage.starts(with: gitFolder) else {
                throw LFSError(
                    .configuration, "use", "the remote \(gitFolder.string)",
                    "lfs.storage in its config names \(configured), which is not inside of it")
            }
        }
        remote = ObjectStore(storage: storage)
    }

    /// Brings an object here.
    func download(_ object: TransferObject) throws -> TransferOutcome.Result {
        try move(object, from: remote, to: store, "fetch")
    }

    /// Takes an object there.
    func upload(_ object: TransferObject) throws -> TransferOutcome.Result {
        defer { remote.sweep(partsOf: object.oid) }
        if remote.holds(object.pointer) { return .alreadyThere }
        return try move(object, from: store, to: remote, "push")
    }

    private func move(
        _ object: TransferObject, from source: ObjectStore, to target: ObjectStore, _ verb: String
    ) throws -> TransferOutcome.Result {
        let file = try source.require(object, verb)
        if try Pointer.of(file, isGiven: true).oid != object.oid {
            throw LFSError(.corrupt, verb, object.name, "\(file.string) holds other bytes")
        }
        try target.insert(file, as: object.pointer, by: .linking)
        progress.set(object.oid, bytes: object.pointer.size)
        return .transferred
    }
}
