import SystemCalls
import SystemPackage

/// The root file systems that earlier builds left: `rootfs/KEY.tar` and `rootfs/KEY.json`.
struct EarlierTrees: Sendable {
    let folder: FilePath

    /// How many of each kind are kept.
    static let kept = 4

    func tar(_ key: String) -> FilePath { folder.appending(key + ".tar") }
    func record(_ key: String) -> FilePath { folder.appending(key + ".json") }

    /// All records that can be read.
    func all() throws -> [TreeRecord] {
        guard Files.exists(folder) else { return [] }
        return try Files.names(in: folder).compactMap { name in
            guard name.string.hasSuffix(".json"), let record = TreeRecord.read(folder.appending(name)),
                name.string == record.key + ".json"
            else { return nil }
            return record
        }
    }

    /// Notes that a tree is used now.
    func touch(_ record: TreeRecord) throws {
        var record = record
        record.used = TreeRecord.now
        try record.write(self.record(record.key))
    }

    /// Removes one: first what names it.
    func remove(_ key: String) throws {
        try Files.removeTree(record(key))
        try Files.removeTree(tar(key))
    }

    /// Removes what has not been used for longest, and files that no record names.
    func retain() throws {
        let records = try all()
        let surplus = Set(NearestTree.surplus(records, keeping: Self.kept).map(\.key))
        for key in surplus { try remove(key) }
        let kept = Set(records.map(\.key)).subtracting(surplus)
        for name in try Files.names(in: folder) where !kept.contains(name.stem) {
            try Files.removeTree(folder.appending(name))
        }
    }
}
