import CGit2
import SystemCalls

extension Repository {
    /// The differences between a blob and bytes at hand, as the lines of a unified diff without its header.
    ///
    /// Empty where both are equal, or one of them is no text.
    public func difference(from blob: ObjectID, to bytes: [UInt8], path: RelativePath) throws(GitError) -> [String] {
        let repository = try handle()
        var oid = blob.oid
        let old = try Handle.open(
            "read", "blob \(blob)", free: git_blob_free, { git_blob_lookup(&$0, repository, &oid) })
        guard let old else { return [] }
        let name = path.description
        let patch = try Handle.open("compare", name, free: git_patch_free) { pointer in
            bytes.withUnsafeBytes {
                git_patch_from_blob_and_buffer(&pointer, old.pointer, name, $0.baseAddress, $0.count, name, nil)
            }
        }
        guard let patch, git_patch_num_hunks(patch.pointer) > 0 else { return [] }
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        try LibGit2.check("compare", name, git_patch_to_buf(&buffer, patch.pointer))
        let text = String(decoding: UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size), as: UTF8.self)
        return text.split(separator: "\n").drop { !$0.hasPrefix("@@") }.map(String.init)
    }
}
