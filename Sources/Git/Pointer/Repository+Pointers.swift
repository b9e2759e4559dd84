import SystemCalls

extension Repository {
    /// The pointer that a blob holds; nil for every other blob, which is not read where it is too long for a pointer.
    public func pointer(inBlob id: ObjectID) throws -> Pointer? {
        guard let size = try blobSize(id), size > 0, size < Pointer.maximumLength,
            let bytes = try blob(id, limit: Pointer.maximumLength)
        else { return nil }
        return Pointer(parsing: bytes)
    }

    /// The pointers of a commit's files, in the order of Git's trees.
    public func pointers(of revision: ObjectID) throws -> [(path: RelativePath, pointer: Pointer)] {
        var found: [(RelativePath, Pointer)] = []
        try files(of: revision) { file in
            guard file.entry.isFile, let pointer = try pointer(inBlob: file.entry.id) else { return }
            found.append((file.path, pointer))
        }
        return found
    }
}
