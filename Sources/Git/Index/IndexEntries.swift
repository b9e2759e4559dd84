import Glibc
import SystemCalls

/// The entries of an index in little memory, ordered by path bytes, then stage: 100,000 of them take about 12 MB.
public struct IndexEntries: Sendable {
    /// An entry without its path, which lies in `names`.
    struct Record {
        var nameStart: Int
        var nameLength: UInt32
        var id: ObjectID
        var mode: UInt32
        var size: UInt32
        var modified: IndexEntry.Time
        var changed: IndexEntry.Time
        var inode: UInt32
        var owner: UInt32
        var group: UInt32
        var stage: UInt8
        var flags: IndexEntry.Flags
    }

    private var names: [UInt8] = []
    private var records: [Record] = []

    /// No entries.
    public init() {}

    init(_ entries: some Sequence<IndexEntry>) {
        for entry in entries { append(entry) }
    }

    /// Makes room for so many entries.
    mutating func reserve(_ count: Int, nameBytes: Int) {
        records.reserveCapacity(count)
        names.reserveCapacity(nameBytes)
    }

    /// Adds an entry behind the others; the record's name is what `names` is given by it.
    mutating func append(_ record: Record, name: some Collection<UInt8>) {
        var record = record
        record.nameStart = names.count
        names.append(contentsOf: name)
        record.nameLength = UInt32(names.count - record.nameStart)
        records.append(record)
    }

    private mutating func append(_ entry: IndexEntry) {
        let record = Record(
            nameStart: 0, nameLength: 0, id: entry.id, mode: entry.mode, size: entry.size, modified: entry.modified,
            changed: entry.changed, inode: entry.inode, owner: entry.owner, group: entry.group, stage: entry.stage,
            flags: entry.flags)
        append(record, name: entry.name)
    }

    /// The bytes of an entry's path.
    public func name(_ position: Int) -> ArraySlice<UInt8> {
        let record = records[position]
        return names[record.nameStart..<(record.nameStart + Int(record.nameLength))]
    }

    /// How an entry's path, its first `depth` bytes left out, stands to a name: below zero for before it, zero for equal.
    public func order(_ position: Int, depth: Int, to name: ArraySlice<UInt8>) -> Int32 {
        let record = records[position]
        let length = Int(record.nameLength) - depth
        let order = names.withUnsafeBytes { names in
            name.withUnsafeBytes { name -> Int32 in
                guard let left = names.baseAddress, let right = name.baseAddress, length > 0 else { return 0 }
                return memcmp(left + record.nameStart + depth, right, Swift.min(length, name.count))
            }
        }
        return order != 0 ? order : length < name.count ? -1 : length == name.count ? 0 : 1
    }

    /// The positions in a range of what may have no file in the work tree by Git's own doing: unmerged paths, those that
    /// a sparse checkout leaves out, folders of a sparse index, submodules.
    public func unusual(in range: Range<Int>) -> [Int] {
        range.filter { position in
            let record = records[position]
            return record.stage != 0 || record.flags.contains(.skipWorktree) || record.mode & 0o170000 == 0o160000
                || record.mode & 0o170000 == 0o040000
        }
    }

    /// The first position in a range whose path is not before `path`.
    ///
    /// - Parameter depth: how many bytes, equal in all paths of the range, are left out of the comparison.
    public func lowerBound(_ path: ArraySlice<UInt8>, in range: Range<Int>, depth: Int = 0) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if order(middle, depth: depth, to: path) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension IndexEntries: RandomAccessCollection {
    /// The position of the first entry.
    public var startIndex: Int { 0 }
    /// The position behind the last entry.
    public var endIndex: Int { records.count }

    /// The entry at a position.
    public subscript(position: Int) -> IndexEntry {
        IndexEntry(records[position], names: names)
    }
}
