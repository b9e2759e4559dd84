import CGit2
import SystemCalls

extension Repository {
    private func database() throws(GitError) -> Handle {
        let repository = try handle()
        guard
            let database = try Handle.open(
                "open", "the object database", free: git_odb_free, { git_repository_odb(&$0, repository) })
        else { throw GitError(.notFound, "open", "the object database", LibGit2.lastMessage) }
        return database
    }

    /// The bytes of a blob; nil where the repository does not hold it.
    ///
    /// A blob above `limit` bytes is a `GitError` of kind `tooLarge`, thrown before its content is read.
    public func blob(_ id: ObjectID, limit: Int) throws(GitError) -> [UInt8]? {
        let name = "blob \(id)"
        let database = try database()
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        guard try LibGit2.find("read", name, git_odb_read_header(&size, &type, database.pointer, &oid)) else {
            return nil
        }
        guard type == GIT_OBJECT_BLOB else { throw GitError(.invalid, "read", name, "it is no blob") }
        guard size <= limit else {
            throw GitError(.tooLarge, "read", name, "it has \(size) bytes, more than \(limit)")
        }
        guard
            let object = try Handle.open(
                "read", name, free: git_odb_object_free, { git_odb_read(&$0, database.pointer, &oid) })
        else { return nil }
        let count = git_odb_object_size(object.pointer)
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object.pointer), count: count))
    }

    /// Whether the repository holds an object.
    public func contains(_ id: ObjectID) throws(GitError) -> Bool {
        var oid = id.oid
        return git_odb_exists(try database().pointer, &oid) == 1
    }

    /// The size of a blob; nil where the repository does not hold it.
    public func blobSize(_ id: ObjectID) throws(GitError) -> Int? {
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        let isThere = try LibGit2.find(
            "read", "blob \(id)", git_odb_read_header(&size, &type, try database().pointer, &oid))
        return isThere && type == GIT_OBJECT_BLOB ? size : nil
    }

    /// Stores bytes as a blob and gives its name.
    public func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
        let repository = try handle()
        var oid = git_oid()
        let result = sharedPermission.creating {
            bytes.withUnsafeBytes { git_blob_create_from_buffer(&oid, repository, $0.baseAddress, $0.count) }
        }
        try LibGit2.check("write", "a blob of \(bytes.count) bytes", result)
        return ObjectID(oid)
    }
}

extension ObjectID {
    /// The library's form.
    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { $0.copyBytes(from: bytes) }
        return oid
    }

    /// Takes the library's form.
    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { ObjectID($0, at: 0) }
    }
}
