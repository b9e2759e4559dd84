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

    private static let layout = RecordTable.Layout(magic: "CIMEMO1\n", keySize: 20, recordSize: 64)
    /// Beyond this many blobs only those of the present inputs are kept.
    private static let capacity = 1_000_000

    private let path: FilePath?
    private let table: RecordTable
    private var learnt: [ObjectID: Content] = [:]
    private var unreadRecords: [() -> InputsRecord?]

    /// Opens the memo; `records` are read once something is missing in it.
    init(_ path: FilePath?, records: [() -> InputsRecord?] = []) {
        self.path = path
        table = RecordTable(path, layout: Self.layout)
        unreadRecords = records
    }

    /// The content of a blob; nil where it is not known.
    func content(of blob: ObjectID) -> Content? {
        if let content = stored(blob) ?? learnt[blob] { return content }
        while let record = unreadRecords.popLast() {
            for file in record()?.files ?? FileTable() where !file.isLFS {
                if let blob = file.blob, let digest = file.digest {
                    learnt[blob] = Content(digest: digest, size: file.size)
                }
            }
            if let content = learnt[blob] { return content }
        }
        return nil
    }

    private func stored(_ blob: ObjectID) -> Content? {
        blob.withBytes { key in
            table.find(key) { record in
                guard let digest = SHA256Digest(record, at: 28) else { return nil }
                let size = Int64(littleEndian: record.loadUnaligned(fromByteOffset: 20, as: Int64.self))
                return Content(digest: digest, size: size)
            }
        }
    }

    /// Takes in what reading a file has shown.
    func learn(_ blob: ObjectID, _ content: Content) {
        learnt[blob] = content
    }

    /// Writes what was learnt; a folder that cannot be written costs the next run some reading, nothing else.
    func save() {
        guard let path, !learnt.isEmpty else { return }
        var records = RecordTable.Batch(Self.layout)
        for (blob, content) in learnt {
            records.append { record in
                blob.withBytes { record.append(contentsOf: $0) }
                withUnsafeBytes(of: content.size.littleEndian) { record.append(contentsOf: $0) }
                content.digest.append(to: &record)
            }
        }
        if table.count + records.count <= Self.capacity { table.forEach { records.append($0) } }
        try? Files.createDirectories(path.removingLastComponent())
        try? RecordTable.write(records, to: path)
        learnt = [:]
    }
}
