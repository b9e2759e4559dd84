import Git
import Hashing
import SystemCalls
import SystemPackage

/// Remembers the digests of files by path and stat data, for files that the Git index cannot prove (rule 51).
///
/// Not to be used from two threads at once.
final class StatCache {
    /// What is known of a file's content.
    struct Content: Hashable {
        let digest: SHA256Digest
        /// The blob id of the file's bytes.
        let blob: ObjectID
    }

    private static let layout = RecordTable.Layout(magic: "CISTAT2\n", keySize: 8, recordSize: 116)
    private static let capacity = 1_000_000

    private let path: FilePath?
    private let permission: SharedPermission
    /// Read at first use: where the index proves everything, nothing is asked.
    private lazy var table = RecordTable(path, layout: Self.layout)
    private var learnt = RecordTable.Batch(layout)

    /// Prepares the cache.
    init(_ path: FilePath?, permission: SharedPermission = SharedPermission(nil)) {
        self.path = path
        self.permission = permission
    }

    /// The content of a file with this status; nil where it must be read.
    func content(of file: UnsafeRawBufferPointer, _ status: FileStamp) -> Content? {
        guard let written = table.modified, status.isOlder(than: written) else { return nil }
        let key = Self.hash(file).bigEndian
        return withUnsafeBytes(of: key) { key in
            table.find(key) { record in
                guard status.matches(record, at: 8), let digest = SHA256Digest(record, at: 60),
                    let blob = ObjectID(bytes: record[92..<112])
                else { return nil }
                return Content(digest: digest, blob: blob)
            }
        }
    }

    /// Takes in what reading a file has shown.
    func learn(_ file: UnsafeRawBufferPointer, _ status: FileStamp, _ content: Content) {
        let key = Self.hash(file)
        learnt.append { record in
            withUnsafeBytes(of: key.bigEndian) { record.append(contentsOf: $0) }
            status.append(to: &record)
            content.digest.append(to: &record)
            content.blob.withBytes { record.append(contentsOf: $0) }
        }
    }

    /// Writes what was learnt, and what was there and is no younger than the racy rule allows.
    func save() {
        guard let path, !learnt.isEmpty else { return }
        if let written = table.modified, table.count + learnt.count <= Self.capacity {
            table.forEach { record in
                if FileStamp.isOlder(record, at: 8, than: written) { learnt.append(record) }
            }
        }
        permission.creating {
            try? Files.createDirectories(path.removingLastComponent())
            try? RecordTable.write(learnt, to: path)
        }
        learnt = RecordTable.Batch(Self.layout)
    }

    /// FNV-1a; a collision does no harm, since device, inode and change time identify the content as well.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // Spread the entropy to the leading bits, by which the table is searched.
        hash = (hash ^ hash >> 32) &* 0x9e37_79b9_7f4a_7c15
        return hash ^ hash >> 29
    }
}
