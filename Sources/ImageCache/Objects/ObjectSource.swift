import Git
import Hashing
import LFS
import Records
import SystemCalls
import SystemPackage

/// Where LFS objects come from: the object store, other stores of this machine, the server.
struct ObjectSource {
    let repository: Repository?
    let isOffline: Bool
    /// The permissions of new files in Git's folders.
    let permission: SharedPermission
    let events: CacheEvents

    /// The file with an LFS object's content in the object store; nil where it is not there.
    func local(_ oid: SHA256Digest) -> FilePath? {
        guard let repository, let store = try? ObjectStore(repository) else { return nil }
        let path = store.path(of: oid)
        return Files.exists(path) ? path : nil
    }

    /// Whether the object store holds an object; true where there is no store.
    func holds(_ pointer: Pointer) throws -> Bool {
        try repository.map { try ObjectStore($0).holds(pointer) } ?? true
    }

    /// The file with an object's content: from the object store, else fetched into it.
    func object(_ pointer: Pointer, of image: String) async throws -> FilePath {
        guard let repository else {
            throw LFSError(
                .missing, "find", "LFS object \(pointer.oid.hexadecimal) of \(image)",
                "there is no repository around it, so no object store")
        }
        let resolver = try ObjectResolver(repository)
        if let path = try resolver.find(pointer) { return path }
        let client = try LFSClient(repository, isOffline: isOffline)
        defer { events.progress(nil) }
        do {
            try await client.fetch([TransferObject(pointer)]) { [events] in
                events.progress(
                    .init(title: "fetching \(image)", completed: $0.finishedBytes.bytes, total: $0.totalBytes.bytes))
            }
        } catch let error as LFSError {
            // Without a server there is nowhere else to look.
            if error.kind == .configuration { return try resolver.require(pointer) }
            throw error
        }
        return client.store.path(of: pointer.oid)
    }

    /// The file with an object's content; nil where it cannot be had.
    private func obtainable(_ pointer: Pointer, of image: String) async throws -> FilePath? {
        do {
            return try await object(pointer, of: image)
        } catch let error as CancellationError {
            throw error
        } catch {
            events.detail("\(error)")
            return nil
        }
    }

    /// The file with an object's content, every byte of it checked; nil where it cannot be had.
    ///
    /// A damaged file of the object store is moved to its `bad` folder and fetched once more.
    func sound(_ pointer: Pointer, of image: String) async throws -> FilePath? {
        for _ in 0..<2 {
            guard let path = try await obtainable(pointer, of: image) else { return nil }
            if try Pointer.of(path) == pointer { return path }
            guard let repository, case let store = try ObjectStore(repository), path == store.path(of: pointer.oid)
            else { return nil }
            events.note("moved a damaged LFS object to \(store.bad)")
            try permission.createDirectories(store.bad)
            try Files.rename(path, to: store.bad.appending(pointer.oid.hexadecimal))
        }
        return nil
    }

    /// Fetches LFS objects that inputs need.
    func fetch(_ objects: [InputsError.MissingObject]) async throws {
        for object in objects {
            _ = try await self.object(
                Pointer(oid: object.oid, size: object.size), of: object.path.description)
        }
    }

    /// The file that claims to be an entry's archive: that of the work tree, else the object, where this machine has it.
    func atHand(_ inspection: EntryInspection) throws -> FilePath? {
        let named = inspection.recorded?.provenance?.pointer
        switch inspection.archive.bytes {
        case .file(let path): return path
        case .object(let pointer): return try find(pointer)
        case .nowhere, .unreadable: return try named.flatMap(find)
        }
    }

    private func find(_ pointer: Pointer) throws -> FilePath? {
        try repository.flatMap { try ObjectStore($0).find(pointer) }
    }

    /// Makes a new archive an object of the store; it is gone from where it was, where both are on one file system.
    func take(_ pointer: Pointer, from path: FilePath) throws {
        guard let repository else { return }
        try ObjectStore(repository).insert(path, as: pointer, by: .moving)
    }

    /// Where an archive is to be written a second time, to become an object; nil where its file is all that is needed.
    func twin(of path: FilePath) throws -> FilePath? {
        try repository.flatMap { try ObjectStore($0).temporaryPath(forCopyOf: path) }
    }

    /// Puts an archive into the object store, sharing its blocks where the file system can.
    func keep(_ pointer: Pointer, from path: FilePath) throws {
        guard let repository else { return }
        try ObjectStore(repository).insert(path, as: pointer)
    }
}
