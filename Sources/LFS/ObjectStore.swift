import Git
import Glibc
import Hashing
import SystemCalls
import SystemPackage

/// The folder that holds a repository's LFS objects, shared by all its worktrees.
///
/// Objects are only ever added whole: a temporary file in `tmp`, flushed, then given its name. An object that is there is
/// never changed, and the store never shares an inode with the work tree.
public struct ObjectStore: Sendable {
    /// The storage folder: `lfs` in the common Git folder, or `lfs.storage`.
    public let root: FilePath
    /// The `objects` folders of the repositories that this one borrows from (`objects/info/alternates`).
    public let references: [FilePath]
    let permission: SharedPermission

    /// The store of a repository.
    public init(_ repository: Repository) throws {
        let configuration = try repository.configuration()
        root =
            configuration.path("lfs.storage").map {
                $0.isAbsolute ? $0 : repository.commonDirectory.pushing($0).lexicallyNormalized()
            } ?? repository.commonDirectory.appending("lfs")
        references = try repository.alternateObjectDirectories().map {
            $0.removingLastComponent().pushing("lfs/objects")
        }.filter { Files.exists($0) }
        permission = repository.sharedPermission.ofObjects
    }

    /// The store at a folder, such as that of a remote on the same machine.
    public init(storage root: FilePath) {
        self.root = root
        references = []
        permission = SharedPermission(nil)
    }

    /// The folder of the objects.
    public var objects: FilePath { root.appending("objects") }
    /// The folder of files under way; git-lfs sweeps it, so nothing may be kept there.
    public var temporary: FilePath { root.appending("tmp") }
    /// The folder of downloads that can be resumed, `OID.part`.
    public var incomplete: FilePath { root.appending("incomplete") }
    /// The folder that damaged objects are moved to.
    public var bad: FilePath { root.appending("bad") }

    /// Where an object stands or would stand.
    public func path(of oid: SHA256Digest) -> FilePath {
        Self.path(of: oid, in: objects)
    }

    static func path(of oid: SHA256Digest, in folder: FilePath) -> FilePath {
        let name = oid.hexadecimal
        return folder.appending(String(name.prefix(2))).appending(String(name.dropFirst(2).prefix(2))).appending(name)
    }

    /// Whether the store itself holds an object: a regular file of exactly the pointer's size.
    public func holds(_ pointer: Pointer) -> Bool {
        pointer.isEmpty || Self.size(path(of: pointer.oid)) == pointer.size
    }

    /// The size of a regular file; nil where there is none.
    package static func size(_ path: FilePath) -> Size? {
        guard let status = (try? FileStatus.of(path, followLinks: true)) ?? nil, status.kind == .file else {
            return nil
        }
        return Size(status.size)
    }

    /// The file of an object in this store or in one that the repository borrows from; nil where none holds it.
    ///
    /// What is found elsewhere is linked or copied into this store first, where it can be written.
    public func find(_ pointer: Pointer) throws -> FilePath? {
        let own = path(of: pointer.oid)
        if Self.size(own) == pointer.size { return own }
        for folder in references {
            let other = Self.path(of: pointer.oid, in: folder)
            guard Self.size(other) == pointer.size else { continue }
            do {
                try insert(other, as: pointer, by: .linking)
                return own
            } catch let error as SystemError
                where error.errno == .permissionDenied || error.errno == .readOnlyFileSystem
            {
                return other
            }
        }
        return nil
    }

    /// The file of an object that is to be moved; an error where there is none, or one of another size.
    func require(_ object: TransferObject, _ verb: String) throws -> FilePath {
        if let file = try find(object.pointer) { return file }
        if let size = Self.size(path(of: object.oid)) {
            throw try wrongSize(size, object.pointer, verb, object.name)
        }
        throw LFSError(
            .missing, verb, object.name, "it is not in \(objects.string)",
            hint: verb == "push"
                ? "\(LFSError.fetchAll), or git config lfs.allowincompletepush true" : nil)
    }

    /// The error for a file of another size than a pointer says: the object is damaged, or the pointer is wrong.
    func wrongSize(_ size: Size, _ pointer: Pointer, _ verb: String, _ name: String) throws -> LFSError {
        let own = path(of: pointer.oid)
        if try Pointer.of(own, isGiven: true).oid == pointer.oid {
            return LFSError(
                .corrupt, verb, name,
                "its pointer is wrong: it says \(pointer.size) bytes, and the object of this SHA-256 has \(size)",
                hint: "write `size \(size.bytes)` into the pointer")
        }
        return LFSError(
            .corrupt, verb, name, "\(own.string) has \(size) bytes, expected \(pointer.size)",
            hint: "cache-image lfs fsck moves damaged objects away")
    }

    /// Opens an object for reading; nil where neither this store nor one that it borrows from holds it.
    public func open(_ pointer: Pointer) throws -> FileDescriptor? {
        guard let path = try find(pointer) else { return nil }
        return try Files.openRegular(path)
    }
}
