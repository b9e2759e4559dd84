import SystemCalls

/// The `link` extension of a split index: the shared index that it builds on, and which of its entries it drops or replaces.
struct SplitIndexLink {
    /// The name of the shared index, `sharedindex.HEX` in the Git folder.
    let base: ObjectID
    private let dropped: Bitmap
    private let replaced: Bitmap

    init(_ data: UnsafeRawBufferPointer, name: String) throws(GitError) {
        let damaged = GitError(.unreadableIndex, "read", "index \(name)", "its link extension is damaged")
        guard data.count >= 20 else { throw damaged }
        base = ObjectID(data, at: 0)
        var rest = data[20...]
        if rest.isEmpty {
            (dropped, replaced) = (Bitmap(), Bitmap())
            return
        }
        guard let dropped = Bitmap(&rest), let replaced = Bitmap(&rest) else { throw damaged }
        self.dropped = dropped
        self.replaced = replaced
    }

    /// The entries of both files together, in order.
    func merge(base: IndexEntries, over changes: IndexEntries) -> IndexEntries {
        // The first entries of the split file, which carry no path, replace those of the shared file in turn.
        var replacements = changes.prefix(replaced.count)
        var merged: [IndexEntry] = []
        merged.reserveCapacity(base.count + changes.count)
        for (position, entry) in base.enumerated() {
            if replaced.contains(position), let replacement = replacements.popFirst() {
                if !dropped.contains(position) { merged.append(replacement.at(entry.path)) }
            } else if !dropped.contains(position) {
                merged.append(entry)
            }
        }
        merged += changes.dropFirst(replaced.count)
        return IndexEntries(merged.sorted { ($0.path, $0.stage) < ($1.path, $1.stage) })
    }
}

/// A set of positions, kept in EWAH compression by the file.
private struct Bitmap {
    private var words: [UInt64] = []
    /// How many positions are in the set.
    private(set) var count = 0

    /// No index has more entries than this many times 64.
    private static let maximumWords = 1 << 20

    init() {}

    func contains(_ position: Int) -> Bool {
        position / 64 < words.count && words[position / 64] >> UInt64(position % 64) & 1 == 1
    }

    /// Reads the compressed form; nil where it is damaged.
    init?(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        func take(_ count: Int) -> UInt64? {
            guard rest.count >= count else { return nil }
            var value: UInt64 = 0
            for byte in rest.prefix(count) { value = value << 8 | UInt64(byte) }
            rest = rest.dropFirst(count)
            return value
        }
        guard take(4) != nil, let length = take(4), length <= UInt64(rest.count / 8) else { return nil }
        var left = Int(length)
        while left > 0, let marker = take(8) {
            left -= 1
            let run = Int(marker >> 1 & 0xFFFF_FFFF)
            let literals = Int(marker >> 33)
            guard literals <= left, words.count + run + literals <= Self.maximumWords else { return nil }
            words += repeatElement(marker & 1 == 1 ? .max : 0, count: run)
            for _ in 0..<literals {
                guard let word = take(8) else { return nil }
                words.append(word)
            }
            left -= literals
        }
        guard take(4) != nil else { return nil }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }
}

extension IndexEntry {
    /// The same entry under another path.
    func at(_ path: RelativePath) -> IndexEntry {
        let record = IndexEntries.Record(
            nameStart: 0, nameLength: UInt32(path.bytes.count), id: id, mode: mode, size: size, modified: modified,
            changed: changed, inode: inode, owner: owner, group: group, stage: stage, flags: flags)
        return IndexEntry(record, names: path.bytes)
    }
}
