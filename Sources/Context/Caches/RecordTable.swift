import Glibc
import SystemCalls
import SystemPackage

/// A read-only file of records of one size, found by the key that each starts with; the form of memo and stat cache.
///
/// The records stand in the order in which they were learnt, that of a walk: the next walk finds most of them one behind
/// the other, without a search in memory that no cache holds.
///
/// Layout: 8 bytes of magic, then little-endian `recordSize`, `keySize`, `count` and `bits` of 4 bytes each; `2^bits + 1`
/// offsets of 4 bytes into what follows (the first of each value of the key's leading bits); the positions of the records
/// in the order of their keys, of 4 bytes each; the records. The last four bytes of a record are a checksum of the
/// others. A file of another form, or a damaged one, is an empty table.
struct RecordTable {
    /// The form of a table: records of another form are not read.
    struct Layout: Hashable {
        let magic: StaticString
        let keySize: Int
        let recordSize: Int

        static func == (left: Layout, right: Layout) -> Bool {
            left.recordSize == right.recordSize && left.keySize == right.keySize
        }
        func hash(into hasher: inout Hasher) { hasher.combine(recordSize) }
    }

    static let headerSize = 24
    /// The largest file that is read: beyond it the cache starts anew.
    private static let limit = 256 << 20

    let layout: Layout
    /// When the file was written; nil where there is none.
    let modified: FileStatus.Time?
    private let bytes: [UInt8]
    /// Where the positions begin, and the records.
    private let starts: (positions: Int, records: Int)
    private let bits: Int
    /// How many records there are.
    let count: Int
    /// The record behind the one that was found last.
    private var next = 0

    /// Reads a table; what cannot be read is empty.
    init(_ path: FilePath?, layout: Layout) {
        var modified: FileStatus.Time?
        var bytes: [UInt8] = []
        if let path, let descriptor = try? Files.openPlain(path) {
            defer { try? descriptor.close() }
            if let status = try? FileStatus.of(descriptor), status.kind == .file, status.size <= Self.limit {
                modified = status.modified
                bytes = Self.content(descriptor, size: Int(status.size))
            }
        }
        self.init(bytes, modified, layout)
    }

    /// A table that is in no file.
    init(_ batch: Batch) {
        var bytes: [UInt8] = []
        Self.write(batch) { bytes += $0 }
        self.init(bytes, nil, batch.layout)
    }

    private init(_ bytes: [UInt8], _ modified: FileStatus.Time?, _ layout: Layout) {
        self.layout = layout
        func number(_ offset: Int) -> Int {
            bytes.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        let magic = layout.magic.withUTF8Buffer { Array($0) }
        guard bytes.count >= Self.headerSize, bytes.starts(with: magic), number(8) == layout.recordSize,
            number(12) == layout.keySize, number(20) <= 24,
            case let start = Self.headerSize + 4 * ((1 << number(20)) + 1), case let count = number(16),
            bytes.count == start + count * (4 + layout.recordSize)
        else {
            (self.modified, self.bytes, starts, bits, count) = (nil, [], (0, 0), 0, 0)
            return
        }
        (self.modified, self.bytes, bits, self.count) = (modified, bytes, number(20), count)
        starts = (start, start + 4 * count)
    }

    private static func content(_ descriptor: FileDescriptor, size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let part = read(descriptor.rawValue, buffer.baseAddress.map { $0 + filled }, size - filled)
                if part <= 0 { break }
                filled += part
            }
        }
    }

    /// Hands the record with this key to `body`; nil where there is none, or a damaged one.
    mutating func find<Result>(_ key: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        guard let position = position(of: key) else { return nil }
        next = position + 1
        return bytes.withUnsafeBytes { bytes in
            let record = record(position, in: bytes)
            return Self.isSound(record) ? body(record) : nil
        }
    }

    private func position(of key: UnsafeRawBufferPointer) -> Int? {
        guard count > 0, key.count == layout.keySize, let wanted = key.baseAddress else { return nil }
        return bytes.withUnsafeBytes { bytes in
            /// How the key of a record stands to the one that is looked for.
            func order(_ position: Int) -> Int32 {
                record(position, in: bytes).baseAddress.map { memcmp($0, wanted, layout.keySize) } ?? 1
            }
            if next < count, order(next) == 0 { return next }
            /// A number of the file that is less than `limit`, whatever the file says.
            func number(_ place: Int, limit: Int) -> Int {
                min(limit, Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))))
            }
            let bucket = Self.headerSize + 4 * Self.bucket(key, bits: bits)
            var low = number(bucket, limit: count)
            var high = number(bucket + 4, limit: count)
            while low < high {
                let middle = (low + high) / 2
                let position = number(starts.positions + 4 * middle, limit: count - 1)
                let order = order(position)
                if order == 0 { return position }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// Hands every sound record to `body`, in order.
    func forEach(_ body: (UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            for index in 0..<count {
                let record = self.record(index, in: bytes)
                if Self.isSound(record) { body(record) }
            }
        }
    }

    private func record(_ index: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = starts.records + index * layout.recordSize
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + layout.recordSize)])
    }

    static func bucket(_ key: UnsafeRawBufferPointer, bits: Int) -> Int {
        let lead = UInt32(bigEndian: key.loadUnaligned(as: UInt32.self))
        return bits == 0 ? 0 : Int(lead >> UInt32(32 - bits))
    }

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        var offset = 0
        while offset + 8 <= bytes.count {
            sum = (sum ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x100_0000_01b3
            sum ^= sum >> 29
            offset += 8
        }
        for byte in bytes[offset...] { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
    }

    private static func isSound(_ record: UnsafeRawBufferPointer) -> Bool {
        let body = UnsafeRawBufferPointer(rebasing: record.dropLast(4))
        return record.loadUnaligned(fromByteOffset: body.count, as: UInt32.self) == checksum(body)
    }
}
