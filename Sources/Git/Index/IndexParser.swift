import Glibc
import SystemCalls

/// Reads the bytes of an index file, versions 2 to 4, as `gitformat-index(5)` describes them.
struct IndexParser {
    /// What the file holds.
    struct Content {
        var entries = IndexEntries()
        var link: SplitIndexLink?
        var isSparse = false
        var hasChecksum = true
    }

    private let file: UnsafeRawBufferPointer
    private let name: String
    private var position = 12

    private init(_ file: UnsafeRawBufferPointer, name: String) {
        self.file = file
        self.name = name
    }

    static func parse(_ file: UnsafeRawBufferPointer, name: String) throws(GitError) -> Content {
        var parser = IndexParser(file, name: name)
        return try parser.content()
    }

    private func damaged(_ reason: String) -> GitError {
        GitError(.unreadableIndex, "read", "index \(name)", reason)
    }

    private func word(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private func half(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    private mutating func content() throws(GitError) -> Content {
        guard file.count >= 32, word(0) == 0x4449_5243 else { throw damaged("not an index") }
        let version = word(4)
        guard (2...4).contains(version) else { throw damaged("version \(version) is not known") }
        let count = Int(word(8))
        guard count <= file.count / 62 else { throw damaged("it is truncated") }
        var content = Content()
        // An entry takes 62 bytes and its path, padded with up to 8 zeros.
        content.entries.reserve(count, nameBytes: file.count - count * 62)
        var previous: [UInt8] = []
        let end = file.count - 20
        var hasNameless = false
        func add(_ record: IndexEntries.Record, _ path: UnsafeRawBufferPointer) {
            let name = Self.name(of: record, path)
            if name.isEmpty { hasNameless = true }
            content.entries.append(record, name: name)
        }
        for _ in 0..<count {
            guard position + 62 <= end else { throw damaged("it is truncated") }
            let (record, path) = try entry(version, &previous, end)
            if version == 4 {
                previous.append(contentsOf: path)
                previous.withUnsafeBytes { add(record, $0) }
            } else {
                add(record, path)
            }
        }
        try extensions(&content, end)
        // In a split index an entry without a path stands for one of the shared index.
        if content.link == nil, hasNameless { throw damaged("an entry has no path") }
        content.hasChecksum = file[end...].contains { $0 != 0 }
        return content
    }

    /// The path of an entry: the folders of a sparse index end in a slash.
    private static func name(of record: IndexEntries.Record, _ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard record.mode & 0o170000 == 0o040000, path.last == UInt8(ascii: "/") else { return path }
        return UnsafeRawBufferPointer(rebasing: path.dropLast())
    }

    /// The next entry, and the bytes of its path; in version 4 those behind what it shares with the previous path, which
    /// `previous` is cut down to.
    private mutating func entry(
        _ version: UInt32, _ previous: inout [UInt8], _ end: Int
    ) throws(GitError) -> (record: IndexEntries.Record, path: UnsafeRawBufferPointer) {
        let start = position
        let bits = half(start + 60)
        var flags: IndexEntry.Flags = bits & 0x8000 != 0 ? .assumeValid : []
        var cursor = start + 62
        if bits & 0x4000 != 0 {
            guard version >= 3, cursor + 2 <= end else { throw damaged("an entry's flags are invalid") }
            let extended = half(cursor)
            if extended & 0x4000 != 0 { flags.insert(.skipWorktree) }
            if extended & 0x2000 != 0 { flags.insert(.intentToAdd) }
            cursor += 2
        }
        if version == 4 {
            let removed = try offset(&cursor, end)
            guard removed <= previous.count else { throw damaged("a path prefix is too long") }
            previous.removeLast(removed)
        }
        let tail = UnsafeRawBufferPointer(rebasing: file[cursor..<end])
        guard let base = tail.baseAddress, let zero = memchr(base, 0, tail.count) else {
            throw damaged("a path has no end")
        }
        let length = UnsafeRawPointer(zero) - base
        let terminator = cursor + length
        position = version == 4 ? terminator + 1 : start + (terminator - start + 8) / 8 * 8
        let record = IndexEntries.Record(
            nameStart: 0, nameLength: 0, id: ObjectID(file, at: start + 40), mode: word(start + 24),
            size: word(start + 36), modified: .init(seconds: word(start + 8), nanoseconds: word(start + 12)),
            changed: .init(seconds: word(start), nanoseconds: word(start + 4)), inode: word(start + 20),
            owner: word(start + 28), group: word(start + 32), stage: UInt8(bits >> 12 & 3), flags: flags)
        return (record, UnsafeRawBufferPointer(start: base, count: length))
    }

    /// A number of Git's variable-width offset encoding.
    private func offset(_ cursor: inout Int, _ end: Int) throws(GitError) -> Int {
        var value = 0
        for index in 0..<8 {
            guard cursor < end else { break }
            let byte = file[cursor]
            cursor += 1
            value = (index == 0 ? 0 : (value + 1) << 7) | Int(byte & 127)
            if byte & 128 == 0 { return value }
        }
        throw damaged("a path prefix is invalid")
    }

    private mutating func extensions(_ content: inout Content, _ end: Int) throws(GitError) {
        while position + 8 <= end {
            let signature = word(position)
            let size = Int(word(position + 4))
            let start = position + 8
            guard size <= end - start else { throw damaged("an extension is truncated") }
            switch signature {
            case 0x6C69_6E6B:  // link
                let data = UnsafeRawBufferPointer(rebasing: file[start..<(start + size)])
                content.link = try SplitIndexLink(data, name: name)
            case 0x7364_6972:  // sdir
                content.isSparse = true
            default:
                let first = UInt8(truncatingIfNeeded: signature >> 24)
                guard first == first & ~0x20, first.isLetter else {
                    throw damaged("it uses the unknown extension \(String(signature, radix: 16))")
                }
            }
            position = start + size
        }
    }
}
