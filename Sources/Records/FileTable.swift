import Git
import Glibc
import Hashing
import SystemCalls

/// The records of many files in little memory, sorted by path: 100,000 of them take about 15 MB.
public struct FileTable: Sendable {
    /// What is known of a file beside its path, size and content.
    package struct Flags: OptionSet {
        /// The bits.
        package let rawValue: UInt8

        /// Takes the bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// A symbolic link.
        package static let link = Flags(rawValue: 1)
        /// The owner's execute bit is set.
        package static let executable = Flags(rawValue: 2)
        /// The content is an object of Git LFS.
        package static let lfs = Flags(rawValue: 4)
        /// Git does not know the file.
        package static let untracked = Flags(rawValue: 8)
        /// `blob` is known.
        package static let hasBlob = Flags(rawValue: 16)
        /// The file is not what the index holds.
        package static let modified = Flags(rawValue: 32)
        /// The file is not in the work tree, since it was never checked out or a merge is unresolved.
        package static let absent = Flags(rawValue: 64)
        /// What an absent file holds is not known.
        package static let unproven = Flags(rawValue: 128)
    }

    /// A record; its path, and a link's text behind it, are in `names`.
    package struct Entry {
        /// Where the path begins in `names`.
        package var nameStart: Int
        /// Bytes of the path.
        package var nameLength: UInt32
        var linkLength: UInt32 = 0
        /// Bytes of a file's content.
        package var size: Int64 = 0
        /// The SHA-256 of a file's content.
        package var digest = FileTable.noDigest
        /// The Git blob, where `hasBlob` is set.
        package var blob = ObjectID.zero
        /// What is known besides.
        package var flags: Flags = []

        /// A record of an empty file.
        package init(nameStart: Int, nameLength: UInt32) {
            self.nameStart = nameStart
            self.nameLength = nameLength
        }
    }

    /// Stands where no content is known.
    package static let noDigest = SHA256Digest.zero

    /// The bytes of all paths and links.
    package var names: [UInt8] = []
    /// The records, in the order of their paths once the table is sorted.
    package var entries: [Entry] = []

    /// A table without records.
    public init() {}

    /// A table of these records, sorted; of two records of one path the last stays.
    public init(_ records: some Sequence<FileRecord>) {
        var last: FileRecord?
        for record in records.sorted(by: { $0.path < $1.path }) {
            if let last, last.path != record.path { append(last) }
            last = record
        }
        if let last { append(last) }
    }

    /// Adds a record behind the others; the caller keeps the order.
    package mutating func append(_ record: FileRecord) {
        var entry = Entry(nameStart: names.count, nameLength: UInt32(record.path.bytes.count))
        names += record.path.bytes
        switch record.content {
        case .file(let digest, let size, let isExecutable):
            entry.digest = digest
            entry.size = size
            if isExecutable { entry.flags.insert(.executable) }
        case .link(let text):
            entry.flags.insert(.link)
            entry.linkLength = UInt32(text.count)
            names += text
        }
        if let blob = record.blob {
            entry.blob = blob
            entry.flags.insert(.hasBlob)
        }
        if record.isLFS { entry.flags.insert(.lfs) }
        if record.isUntracked { entry.flags.insert(.untracked) }
        entries.append(entry)
    }

    /// The bytes of an entry's path.
    package func name(_ entry: Entry) -> ArraySlice<UInt8> {
        names[entry.nameStart..<(entry.nameStart + Int(entry.nameLength))]
    }

    /// The bytes of a link's text.
    package func linkText(_ entry: Entry) -> ArraySlice<UInt8> {
        let start = entry.nameStart + Int(entry.nameLength)
        return names[start..<(start + Int(entry.linkLength))]
    }

    /// Whether one entry's path comes before another's, given the bytes of all names.
    package static func precedes(_ left: Entry, _ right: Entry, _ names: UnsafeRawBufferPointer) -> Bool {
        guard let base = names.baseAddress else { return false }
        let common = Int(Swift.min(left.nameLength, right.nameLength))
        let order = memcmp(base + left.nameStart, base + right.nameStart, common)
        return order == 0 ? left.nameLength < right.nameLength : order < 0
    }

    /// The index of the first entry whose path is not less than `path`.
    package func lowerBound(_ path: [UInt8]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if name(entries[middle]).lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The record of a path; nil where there is none.
    public subscript(path: RelativePath) -> FileRecord? {
        let index = lowerBound(path.bytes)
        guard index < entries.count, name(entries[index]).elementsEqual(path.bytes) else { return nil }
        return self[index]
    }
}

extension FileTable: RandomAccessCollection {
    /// The position of the first record.
    public var startIndex: Int { 0 }
    /// The position behind the last record.
    public var endIndex: Int { entries.count }

    /// The record at a position.
    public subscript(index: Int) -> FileRecord {
        let entry = entries[index]
        let content: FileRecord.Content =
            entry.flags.contains(.link)
            ? .link(Array(linkText(entry)))
            : .file(entry.digest, size: entry.size, isExecutable: entry.flags.contains(.executable))
        return FileRecord(
            path: RelativePath(bytes: Array(name(entry))), content: content,
            blob: entry.flags.contains(.hasBlob) ? entry.blob : nil, isLFS: entry.flags.contains(.lfs),
            isUntracked: entry.flags.contains(.untracked))
    }
}
