import Records
import SystemPackage

/// Where digests are remembered, so that unchanged files are not read again; all of it can be deleted at any time.
public struct InputCaches {
    /// The stat cache of one work tree; nil for none.
    public var stat: FilePath?
    /// The memo of Git blobs, shared by the worktrees of a repository; nil for none.
    public var memo: FilePath?
    /// The records (`NAME-TAG.inputs.json`) whose file maps may answer what the memo does not know.
    public var records: [FilePath]
    /// Where the records are read.
    public var shelf: RecordShelf
    /// Whether what is learnt is written back, as far as the folders can be written.
    public var isWritable: Bool

    /// Names the caches.
    public init(
        stat: FilePath? = nil, memo: FilePath? = nil, records: [FilePath] = [], shelf: RecordShelf = RecordShelf(),
        isWritable: Bool = true
    ) {
        self.stat = stat
        self.memo = memo
        self.records = records
        self.shelf = shelf
        self.isWritable = isWritable
    }
}
