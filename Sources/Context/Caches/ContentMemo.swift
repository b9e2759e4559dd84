import Git
import Hashing
import Records
import SystemCalls
import SystemPackage

/// Remembers the SHA-256 and size of Git blobs; addressed by content, hence never stale (rule 50).
///
/// Not to be used from two threads at once.
final class ContentMemo {
    /// What is known of a blob.
    struct Content: Hashable {
        let digest: SHA256Digest
        let size: Int64
    }

    private static let layout = RecordTable.Layout(magic: "CIMEMO2\n", keySize: 20, recordSize: 64)
    /// Beyond this many blobs only those of the present inputs are kept.
    private static let capacity = 1_000_000

    private let path: FilePath?
    private let permission: SharedPermission
    private var table: RecordTable
    /// What reading files has shown; of use for the next computation.
    private var learnt = RecordTable.Batch(layout)
    private var unreadRecords: [() -> InputsRecord?]
    /// Whether the table has more than its file.
    private var isChanged = false

    /// Opens the memo; `records` are read once something is missing in it.
    init(
        _ path: FilePath?, records: [() -> InputsRecord?] = [], permission: SharedPermission = SharedPermission(nil)
    ) {
        self.path = path
        self.permission = permission
        table = RecordTable(path, layout: Self.layout)
        unreadRecords = records
    }

    /// The content of a blob; nil where it is not known.
    func content(of blob: ObjectID) -> Content? {
        if let content = stored(blob) { return content }
        while let record = unreadRecords.popLast() {
            guard let files = record()?.files, !files.isEmpty else { continue }
            take(files)
            if let content = stored(blob) { return content }
        }
        return nil
    }

    /// Adds what a record says of its files.
    private func take(_ files: FileTable) {
        var records = RecordTable.Batch(Self.layout)
        for entry in files.entries where entry.flags.contains(.hasBlob) {
            if entry.flags.contains(.lfs) || entry.flags.contains(.link) { continue }
            Self.append(entry.blob, Content(digest: entry.digest, size: entry.size), to: &records)
        }
        table.forEach { records.append($0) }
        table = RecordTable(records)
        isChanged = true
    }

    private static func append(_ blob: ObjectID, _ content: Content, to records: inout RecordTable.Batch) {
        records.append { record in
            blob.withBytes { record.append(contentsOf: $0) }
            withUnsafeBytes(of: content.size.littleEndian) { record.append(contentsOf: $0) }
            content.digest.append(to: &record)
        }
    }

    private func stored(_ blob: ObjectID) -> Content? {
        withUnsafeTemporaryAllocation(byteCount: Self.layout.keySize, alignment: 1) { key in
            blob.copyBytes(to: key)
            return table.find(UnsafeRawBufferPointer(key)) { record in
                guard let digest = SHA256Digest(record, at: 28) else { return nil }
                let size = Int64(littleEndian: record.loadUnaligned(fromByteOffset: 20, as: Int64.self))
                return Content(digest: digest, size: size)
            }
        }
    }

    /// Takes in what reading a file has shown.
    func learn(_ blob: ObjectID, _ content: Content) {
        Self.append(blob, content, to: &learnt)
    }

    /// Writes what was learnt; a folder that cannot be written costs the next run some reading, nothing else.
    func save() {
        guard let path, isChanged || !learnt.isEmpty else { return }
        if table.count + learnt.count <= Self.capacity { table.forEach { learnt.append($0) } }
        if learnt.isEmpty { return }
        permission.creating {
            try? Files.createDirectories(path.removingLastComponent())
            try? RecordTable.write(learnt, to: path)
        }
        learnt = RecordTable.Batch(Self.layout)
        isChanged = false
    }
}
